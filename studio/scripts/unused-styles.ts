/** The component library's style sheet has all of its components; rules of those that no page uses are left out. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import postcss from 'postcss';
import type { Plugin } from 'vite';

const OF_A_COMPONENT = /\.(m_[0-9a-f]+)/g;

/** `code`: all scripts. A selector goes when it names a component's class that no script names. */
export function withoutUnused(css: string, code: string): string {
  const root = postcss.parse(css);
  root.walkRules((rule) => {
    const kept = rule.selectors.filter((selector) =>
      [...selector.matchAll(OF_A_COMPONENT)].every((found) => code.includes(found[1] ?? '')),
    );
    if (kept.length === 0) rule.remove();
    else if (kept.length < rule.selectors.length) rule.selectors = kept;
  });
  root.walkAtRules((rule) => {
    if (rule.nodes?.length === 0) rule.remove();
  });
  return root.toString();
}

/** Of all that decides which rules are left. */
function digest(studio: string): string {
  const sums = createHash('sha256').update(readFileSync(join(studio, 'package-lock.json')));
  const sources = readdirSync(join(studio, 'src'), { recursive: true, withFileTypes: true });
  for (const file of sources
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name))
    .sort()) {
    sums.update(readFileSync(file));
  }
  return sums.digest('hex').slice(0, 12);
}

/** A file's name is made from what it was before rules were left out; with the digest in it, no name ever stands for
 * two contents, and browsers may keep it for ever. */
export function unusedStyles(): Plugin {
  return {
    name: 'unused-styles',
    apply: 'build',
    transform(css, id) {
      return id.endsWith('/src/theme.css')
        ? `${css}\n:root { --cp-sources: "${digest(join(import.meta.dirname, '..'))}"; }\n`
        : null;
    },
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const files = Object.values(bundle);
        const code = files.map((file) => (file.type === 'chunk' ? file.code : '')).join('\n');
        for (const file of files) {
          if (file.type === 'asset' && file.fileName.endsWith('.css')) {
            const source =
              typeof file.source === 'string' ? file.source : new TextDecoder().decode(file.source);
            file.source = withoutUnused(source, code);
          }
        }
      },
    },
  };
}
