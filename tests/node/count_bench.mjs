// Measures how long twitter-text takes to weigh posts: one JSON object in, one out.
// In: {rounds, posts}. Out: milliseconds of each round, in which every post is weighed once, and
// the posts' weights. The clock runs inside Node, so that nothing else is measured.
import { readFileSync } from "node:fs";
import twitter from "twitter-text";

const { rounds, posts } = JSON.parse(readFileSync(0, "utf8"));
const weigh = () => posts.map((post) => twitter.parseTweet(post).weightedLength);
const weights = weigh();
const warmUntil = performance.now() + 1000;
while (performance.now() < warmUntil) weigh();
const times = [];
for (let round = 0; round < rounds; round += 1) {
  const start = performance.now();
  weigh();
  times.push(performance.now() - start);
}
process.stdout.write(JSON.stringify({ times, weights }));
