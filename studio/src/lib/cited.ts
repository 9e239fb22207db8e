/** An answer's sources, numbered as they are first cited. Pure. */
import type { AnswerShape, SpanShape } from '../api/schema';

export interface Cited {
  number: number;
  document: string;
  title: string;
  path: string;
  /** The first place in it that is cited. */
  span: SpanShape;
}

export class Citations {
  private readonly numbers = new Map<string, Cited>();

  constructor(answer: Pick<AnswerShape, 'claims' | 'conflicts'>) {
    for (const part of [...answer.claims, ...answer.conflicts]) for (const span of part.spans) this.add(span);
  }

  get sources(): Cited[] {
    return [...this.numbers.values()];
  }

  numberOf(span: SpanShape): number {
    return this.numbers.get(span.document)?.number ?? 0;
  }

  private add(span: SpanShape): void {
    const { document, title, path } = span;
    if (this.numbers.has(document)) return;
    this.numbers.set(document, { number: this.numbers.size + 1, document, title, path, span });
  }
}

export const keyOf = (span: Pick<SpanShape, 'document' | 'start' | 'end'>): string =>
  `${span.document} ${span.start}-${span.end}`;
