import { logFactorial } from "../maths/log-gamma.ts";
import type { Random } from "../random/random.ts";

/** An urn, and how many are drawn from it without putting back. Whole numbers, 0 or more. */
export interface Urn {
  readonly marked: number;
  readonly others: number;
  /** At most all. */
  readonly drawn: number;
}

/** Below this many marked or drawn it is faster to draw one by one. */
const FEW = 12;

/** How many of those drawn are marked: a draw from the hypergeometric distribution. */
export function drawHypergeometric({ marked, others, drawn }: Urn, random: Random): number {
  const total = marked + others;
  if (marked === 0 || drawn === 0) return 0;
  if (others === 0 || drawn === total) return others === 0 ? drawn : marked;
  // The law is the same with marked and others, drawn and left, exchanged: the smaller of each is cheaper.
  if (drawn > total - drawn)
    return marked - drawHypergeometric({ marked, others, drawn: total - drawn }, random);
  if (marked > others) return drawn - drawHypergeometric({ marked: others, others: marked, drawn }, random);
  return Math.min(marked, drawn) <= FEW
    ? drawOneByOne({ marked, others, drawn }, random)
    : drawByRatio({ marked, others, drawn }, random);
}

function drawOneByOne({ marked, others, drawn }: Urn, random: Random): number {
  const total = marked + others;
  const [tries, hits] = marked < drawn ? [marked, drawn] : [drawn, marked];
  let found = 0;
  for (let done = 0; done < tries; done += 1) {
    if (random.uniform() * (total - done) < hits - found) found += 1;
  }
  return found;
}

/** The ratio of uniforms (Stadlober 1990, The ratio of uniforms approach for generating discrete random variates). */
function drawByRatio({ marked, others, drawn }: Urn, random: Random): number {
  const total = marked + others;
  const share = marked / total;
  const centre = drawn * share + 0.5;
  const variance = ((total - drawn) * drawn * share * (1 - share)) / (total - 1);
  const spread = Math.sqrt(variance + 0.5);
  const width = 1.7155277699214135 * spread + 0.8989161620588988;
  const mode = Math.floor(((drawn + 1) * (marked + 1)) / (total + 2));
  const weight = (hits: number) =>
    logFactorial(hits) +
    logFactorial(marked - hits) +
    logFactorial(drawn - hits) +
    logFactorial(others - drawn + hits);
  const atMode = weight(mode);
  const end = Math.min(Math.min(drawn, marked) + 1, Math.floor(centre + 16 * spread));
  for (;;) {
    const u = random.uniform();
    const place = centre + (width * (random.uniform() - 0.5)) / u;
    if (!(place >= 0 && place < end)) continue;
    const hits = Math.floor(place);
    const log = atMode - weight(hits);
    if (u * (4 - u) - 3 <= log) return hits;
    if (u * (u - log) >= 1) continue;
    if (2 * Math.log(u) <= log) return hits;
  }
}
