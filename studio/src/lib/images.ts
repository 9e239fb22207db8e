/** Pictures for a question: which are taken, and how large they may be. */
import type { Picture } from './chat';

export const MOST_IMAGES = 8;
/** The strictest of the large hosts takes 5 MB; a question with everything before it, the gateway's 32 MiB. */
export const LARGEST_IMAGE = 5_000_000;
export const LARGEST_TOGETHER = 20_000_000;
export const KINDS = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'];

export type ImageFlaw = { code: 'kind' | 'large' | 'many' | 'together'; name: string };

interface Given {
  name: string;
  type: string;
  size: number;
}

/** Which of these files go with what is there already, and why the others do not. */
export function admitted<T extends Given>(
  files: readonly T[],
  there: readonly Picture[],
): { taken: T[]; flaws: ImageFlaw[] } {
  const taken: T[] = [];
  const flaws: ImageFlaw[] = [];
  let sum = there.reduce((all, each) => all + sizeOf(each), 0);
  for (const file of files) {
    const flaw = (code: ImageFlaw['code']): number => flaws.push({ code, name: file.name });
    if (!KINDS.includes(file.type)) flaw('kind');
    else if (file.size > LARGEST_IMAGE) flaw('large');
    else if (there.length + taken.length >= MOST_IMAGES) flaw('many');
    else if (sum + file.size > LARGEST_TOGETHER) flaw('together');
    else {
      taken.push(file);
      sum += file.size;
    }
  }
  return { taken, flaws };
}

/** Bytes of a picture that is kept as base64. */
export const sizeOf = (picture: Picture): number =>
  Math.floor(((picture.url.length - picture.url.indexOf(',') - 1) * 3) / 4);

export async function pictureOf(file: File): Promise<Picture> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve({ name: file.name || 'image', url: String(reader.result) });
    reader.onerror = () => reject(reader.error ?? new Error(file.name));
    reader.readAsDataURL(file);
  });
}
