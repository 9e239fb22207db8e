/** Server-sent events as the HTML standard cuts them: fed with text in any pieces, gives back whole events. */
export interface Frame {
  event: string;
  data: string;
  id: string;
}

export class SseParser {
  #rest = '';
  #data: string[] = [];
  #event = '';
  #id = '';
  #first = true;

  feed(text: string): Frame[] {
    const frames: Frame[] = [];
    let buffer = this.#rest + text;
    if (this.#first && buffer.length > 0) {
      this.#first = false;
      if (buffer.startsWith('\uFEFF')) buffer = buffer.slice(1);
    }
    let from = 0;
    for (let at = 0; at < buffer.length; at += 1) {
      const sign = buffer[at];
      if (sign !== '\n' && sign !== '\r') continue;
      // A carriage return at the very end may be half of a line break.
      if (sign === '\r' && at === buffer.length - 1) break;
      this.#line(buffer.slice(from, at), frames);
      if (sign === '\r' && buffer[at + 1] === '\n') at += 1;
      from = at + 1;
    }
    this.#rest = buffer.slice(from);
    return frames;
  }

  #line(line: string, frames: Frame[]): void {
    if (line === '') {
      if (this.#data.length > 0) {
        frames.push({ event: this.#event || 'message', data: this.#data.join('\n'), id: this.#id });
      }
      this.#data = [];
      this.#event = '';
      return;
    }
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') this.#data.push(value);
    else if (field === 'event') this.#event = value;
    else if (field === 'id' && !value.includes('\0')) this.#id = value;
  }
}

/** The events of an answer, as they come. */
export async function* frames(body: ReadableStream<Uint8Array>): AsyncGenerator<Frame> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const parser = new SseParser();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      yield* parser.feed(done ? `${decoder.decode()}\n\n` : decoder.decode(value, { stream: true }));
      if (done) return;
    }
  } finally {
    await reader.cancel().catch(() => undefined); // the connection may be gone already
  }
}
