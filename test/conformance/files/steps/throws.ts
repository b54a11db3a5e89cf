export default function throws(): never {
  throw new Error("as the table asks");
}
