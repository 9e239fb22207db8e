import { expect, it } from 'vitest';
import { withoutUnused } from './unused-styles';

it('keeps what a script names, and what is no component’s', () => {
  const css =
    '.page{color:red}.m_1a,.m_2b{top:0}.m_2b:where([data-x]) .m_1a{left:0}@media print{.m_2b{top:1px}}@font-face{src:url(x)}';
  expect(withoutUnused(css, "const root = 'm_1a';")).toBe(
    '.page{color:red}.m_1a{top:0}@font-face{src:url(x)}',
  );
});
