const QUANTITY = /^(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)([A-Za-z]*)$/;

/** Bytes per unit: SI prefixes are powers of 1000, IEC prefixes powers of 1024 (IEC 80000-13). */
const BYTE_UNITS: Readonly<Record<string, number>> = {
  "": 1,
  B: 1,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

/** The value of an unsigned number with an optional byte unit, such as `1e-3` or `16GiB`; undefined for other text. */
export function quantityOf(text: string): number | undefined {
  const [, digits = "", unit = ""] = QUANTITY.exec(text) ?? [];
  if (digits === "" || !Object.hasOwn(BYTE_UNITS, unit)) return undefined;
  const value = Number(digits) * (BYTE_UNITS[unit] ?? 1);
  return Number.isFinite(value) ? value : undefined;
}
