const TABLE = 1_024;
const table = new Float64Array(TABLE);
for (let n = 2; n < TABLE; n += 1) table[n] = (table[n - 1] as number) + Math.log(n);

/** ln(n!), by Stirling's series beyond a table; to about 15 digits. @param n a whole number, 0 or more */
export function logFactorial(n: number): number {
  if (n < TABLE) return table[n] as number;
  const inverse = 1 / n;
  const series = inverse / 12 - inverse ** 3 / 360 + inverse ** 5 / 1_260;
  return (n + 0.5) * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI) + series;
}
