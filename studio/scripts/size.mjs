// The first load (what the page needs before any route's own code) stays small; compresses assets for serving.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const LIMIT = 250 * 1024;
const out = join(import.meta.dirname, '../../src/counterpoint/studio');
const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'));

const packed = new Map();
for (const name of readdirSync(join(out, 'assets'))) {
  if (!/\.(js|css|svg)$/.test(name)) continue;
  const plain = readFileSync(join(out, 'assets', name));
  const data = gzipSync(plain, { level: 9 });
  writeFileSync(join(out, 'assets', `${name}.br`), brotliCompressSync(plain));
  writeFileSync(join(out, 'assets', `${name}.gz`), data);
  packed.set(`assets/${name}`, data.length);
}

const seen = new Set();
function gather(key) {
  const chunk = manifest[key];
  if (!chunk || seen.has(chunk.file)) return;
  seen.add(chunk.file);
  for (const css of chunk.css ?? []) seen.add(css);
  for (const next of chunk.imports ?? []) gather(next);
}
gather('index.html');
const english = Object.keys(manifest).find((key) => key.endsWith('i18n/en/index.ts'));
if (english) gather(english);
const total = [...seen].reduce((sum, file) => sum + (packed.get(file) ?? 0), 0);
console.log(`first load: ${(total / 1024).toFixed(1)} kB gzip of ${LIMIT / 1024} kB (${seen.size} files)`);
if (total > LIMIT) {
  console.error('the first load is too large: load what a page needs with the page');
  process.exit(1);
}
