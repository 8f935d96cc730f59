// Parts texts with @skyware/bot: one JSON list of [text, limit] in, the posts and milliseconds out.
// Owns nothing but the translation.
import { readFileSync } from "node:fs";
import { facetAwareSegment } from "./node_modules/@skyware/bot/dist/richtext/facetAwareSegment.js";

const RUNS = 5;
const address = /https?:\/\/[^\s)]*[^\s).,;:!?،。]/g;
const encoder = new TextEncoder();
const bytes = (text) => encoder.encode(text).length;

// The bot finds facets before it parts a text; offline only addresses can be found.
const facets = (text) =>
  [...text.matchAll(address)].map((match) => {
    const byteStart = bytes(text.slice(0, match.index));
    return { index: { byteStart, byteEnd: byteStart + bytes(match[0]) }, features: [] };
  });

function timed(text, limit) {
  const times = [];
  let posts = [];
  for (let run = 0; run < RUNS; run += 1) {
    const start = performance.now();
    posts = facetAwareSegment(text, limit, facets(text)).map((part) => part.text);
    times.push(performance.now() - start);
  }
  return { posts, milliseconds: times.sort((one, other) => one - other)[RUNS >> 1] };
}

const tasks = JSON.parse(readFileSync(0, "utf-8"));
const answers = tasks.map(([text, limit]) => timed(text, limit));
process.stdout.write(JSON.stringify({ "@skyware/bot": answers }));
