import { Header, Pax } from "tar";
import { expect, test } from "vitest";
import { readTarTexts } from "./tar-texts.ts";

interface Member {
  readonly path: string;
  readonly text?: string;
  readonly type?:
    | "File"
    | "SymbolicLink"
    | "Directory"
    | "Link"
    | "GlobalExtendedHeader"
    | "NextFileHasLongPath";
}

function tarOf(members: readonly (Member | Buffer)[]): Buffer {
  const blocks = members.flatMap((member) => {
    if (Buffer.isBuffer(member)) return [member];
    const { path, text = "", type = "File" } = member;
    const bytes = Buffer.from(text);
    const block = Buffer.alloc(512);
    new Header({ path, size: bytes.length, type, mode: 0o644, mtime: new Date(0), linkpath: "x" }).encode(
      block,
      0,
    );
    return [block, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

async function* inPieces(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function read(members: readonly (Member | Buffer)[], wanted = ["manifest.json"]) {
  return readTarTexts(inPieces(tarOf(members), 700), wanted);
}

test("the texts that are asked for are read, and links, folders and layers are passed over", async () => {
  const texts = await read([
    { path: "layer/", type: "Directory" },
    { path: "layer/layer.tar", text: "x".repeat(3000) },
    { path: "layer/again.tar", type: "SymbolicLink" },
    { path: "./manifest.json", text: "[1]" },
    { path: "other.json", text: "no" },
  ]);
  expect([...texts]).toEqual([["manifest.json", "[1]"]]);
});

test("a name is taken as whoever unpacks it would take it", async () => {
  const longer = new Pax({ path: "manifest.json", size: 3 }).encode();
  expect(await read([longer, { path: "innocent", text: "[2]" }])).toEqual(
    new Map([["manifest.json", "[2]"]]),
  );
  const gnu = { path: "././@LongLink", type: "NextFileHasLongPath", text: "manifest.json\0" } as const;
  expect(await read([gnu, { path: "innocent", text: "[3]" }])).toEqual(new Map([["manifest.json", "[3]"]]));
  expect(await read([{ path: "a/../manifest.json", text: "[4]" }])).toEqual(
    new Map([["manifest.json", "[4]"]]),
  );
  const twice = [
    { path: "manifest.json", text: "[5]" },
    { path: "manifest.json", text: "[6]" },
  ];
  expect(await read(twice)).toEqual(new Map([["manifest.json", "[6]"]]));
});

test("a wanted name that is no plain file, and what is no archive, are refused", async () => {
  for (const type of ["SymbolicLink", "Link", "Directory"] as const) {
    await expect(read([{ path: "manifest.json", type }])).rejects.toMatchObject({
      code: "SCANFLOW_PACK_UNSAFE",
    });
  }
  await expect(read([{ path: "x", type: "GlobalExtendedHeader" }])).rejects.toMatchObject({
    code: "SCANFLOW_PACK_UNSAFE",
  });
  await expect(readTarTexts(inPieces(Buffer.from("no archive"), 4), ["x"])).rejects.toMatchObject({
    code: "SCANFLOW_PACK_DAMAGED",
  });
});
