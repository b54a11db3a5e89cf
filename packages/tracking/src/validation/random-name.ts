import { randomInt } from "node:crypto";

const moods =
  "able brave calm clever eager fair fleet gentle honest keen kind lively merry neat polite proud quick quiet sharp silent smart steady swift tidy vivid warm wise witty".split(
    " ",
  );
const animals =
  "ant badger bear bee crane crow deer dove duck eel elk finch fox frog goat hare hawk heron ibex jay kite koala lark lynx mole moth newt otter owl panda perch pike quail ram raven robin seal shrew skunk snail stork swan toad trout vole wasp whale wolf wren yak".split(
    " ",
  );

/** A name for a run that was given none, such as `brave-otter-417`. */
export function randomName(): string {
  return `${moods[randomInt(moods.length)]}-${animals[randomInt(animals.length)]}-${randomInt(1000)}`;
}
