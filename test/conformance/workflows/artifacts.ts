import type { Case } from "../case.ts";

/** What is handed on. */
export const artifacts: readonly Case[] = [
  {
    name: "big-artifact",
    shows: "50 MB arrive as they were written",
    workflow: {
      nodes: {
        make: {
          run: "head -c 52428800 /dev/zero | tr '\\0' x > {{outputs.big}}",
          outputs: ["big"],
          cache: false,
        },
        size: {
          run: "wc -c < {{inputs.big}} | tr -d ' ' > {{outputs.bytes}}",
          inputs: { big: "make.big" },
          outputs: ["bytes"],
        },
      },
    },
    ends: {
      run: "succeeded",
      tasks: { make: "succeeded", size: "succeeded" },
      outputs: {
        "make.big": { digest: "sha256:a27017450ed5f6ac334ffa9be401a5ae1f24465aac9b98a790d0eec6833599d9" },
        "size.bytes": "52428800\n",
      },
    },
  },
  {
    name: "folder-artifact",
    shows: "a folder with folders in it, read by a glob",
    workflow: {
      nodes: {
        make: {
          run: "mkdir -p {{outputs.tree}}/deep/er; echo 1 > {{outputs.tree}}/a; echo 2 > {{outputs.tree}}/deep/er/b",
          outputs: { tree: { path: "tree", type: "folder" } },
        },
        read: {
          run: "cd {{inputs.tree}}; find . -type f | sort > {{outputs.names}}",
          inputs: { tree: "make.tree" },
          outputs: ["names"],
        },
      },
    },
    ends: {
      run: "succeeded",
      tasks: { make: "succeeded", read: "succeeded" },
      outputs: {
        "make.tree": { files: { a: "1\n", "deep/er/b": "2\n" } },
        "read.names": "./a\n./deep/er/b\n",
      },
    },
  },
  {
    name: "application-file",
    shows: "files of the application are inputs, and keep their extension",
    workflow: {
      nodes: {
        read: {
          run: 'cat {{inputs.table}} > {{outputs.copy}}; case "$SCANFLOW_INPUT_TABLE" in *.csv) ;; *) exit 1 ;; esac',
          inputs: { table: { file: "data/table.csv" } },
          outputs: ["copy"],
        },
      },
    },
    ends: { run: "succeeded", tasks: { read: "succeeded" }, outputs: { "read.copy": "x,y\n1,2\n" } },
  },
  {
    name: "unicode",
    shows: "names of files, params and contents in any script, with spaces and quotes",
    workflow: {
      params: { word: "naïve 数据 'q' \"d\" $HOME `x`" },
      nodes: {
        write: {
          run: "printf '%s\\n' {{params.word}} > {{outputs.text}}",
          params: { word: { expression: "params.word" } },
          outputs: { text: "größe 数.txt" },
        },
        read: {
          run: "cat {{inputs.text}} {{inputs.file}} > {{outputs.all}}",
          inputs: { text: "write.text", file: { file: "data/übung 数据.txt" } },
          outputs: { all: "alles.txt" },
        },
      },
    },
    ends: {
      run: "succeeded",
      tasks: { write: "succeeded", read: "succeeded" },
      outputs: { "read.all": "naïve 数据 'q' \"d\" $HOME `x`\nπ ≈ 3\n" },
    },
  },
  {
    name: "no-outputs",
    shows: "a task that writes nothing and logs nothing",
    workflow: { nodes: { quiet: { run: ["true"] } } },
    ends: { run: "succeeded", tasks: { quiet: "succeeded" } },
  },
  {
    name: "optional-output",
    shows: "an optional output that is not written skips who needs it, and nobody else",
    workflow: {
      nodes: {
        make: {
          run: "echo a > {{outputs.a}}",
          outputs: { a: "a", b: { path: "b", optional: true } },
        },
        "reads-a": { run: "cat {{inputs.a}}", inputs: { a: "make.a" } },
        "reads-b": { run: "cat {{inputs.b}}", inputs: { b: "make.b" } },
        either: {
          run: "cat {{inputs.it}} > {{outputs.c}}",
          inputs: { it: { first: ["make.b", "make.a"] } },
          outputs: ["c"],
        },
        onward: { run: "true", after: ["make"] },
      },
    },
    ends: {
      run: "succeeded",
      tasks: {
        make: "succeeded",
        "reads-a": "succeeded",
        "reads-b": "skipped",
        either: "succeeded",
        onward: "succeeded",
      },
      outputs: { "make.b": null, "either.c": "a\n" },
    },
  },
];
