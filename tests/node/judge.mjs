// Answers questions about texts: one JSON object a line in, one a line out, until input ends.
// Owns nothing but the translation; what it answers is what twitter-text and Intl.Segmenter say.
import { createInterface } from "node:readline";
import { readFileSync } from "node:fs";
import twitter from "twitter-text";

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
// One segmenter a language and granularity: making one takes longer than using it.
const segmenters = new Map();
function segments(text, language, granularity) {
  const key = `${language} ${granularity}`;
  if (!segmenters.has(key)) segmenters.set(key, new Intl.Segmenter(language, { granularity }));
  return [...segmenters.get(key).segment(text)];
}
const version = (name) =>
  JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url))).version;

// twitter-text's own conversion of positions moves an entity but not its end, so it is done here.
const codePoints = (text, position) => [...text.slice(0, position)].length;

function entities(text) {
  const found = twitter.extractEntitiesWithIndices(text, { extractUrlsWithoutProtocol: true });
  return found.map(({ url, screenName, listSlug, hashtag, cashtag, indices }) => {
    const [start, end] = indices.map((position) => codePoints(text, position));
    if (url !== undefined) return [start, end, "url", url];
    if (screenName !== undefined) return [start, end, "mention", screenName + listSlug];
    if (hashtag !== undefined) return [start, end, "hashtag", hashtag];
    return [start, end, "cashtag", cashtag];
  });
}

const answers = {
  versions: () => ({
    node: process.versions.node,
    unicode: process.versions.unicode,
    "twitter-text": version("twitter-text"),
  }),
  x_length: (text) => twitter.parseTweet(text).weightedLength,
  x_valid: (text) => twitter.parseTweet(text).valid,
  x_entities: entities,
  graphemes: (text) => Array.from(segmenter.segment(text), ({ segment }) => segment),
  sentences: (text, language) =>
    segments(text, language, "sentence").map(({ segment }) => segment),
  words: (text, language) =>
    segments(text, language, "word").map(({ segment, isWordLike }) => [segment, isWordLike]),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { ask, texts, language } = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(texts.map((text) => answers[ask](text, language)))}\n`);
}
