// Files as people have them, and the ways they come into a page.

import type { Locator } from '@playwright/test';
import { randomBytes } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';

/** A PNG with a place written into it: of one colour, or of noise, which is as long as its pixels. */
export function png(width: number, height: number, noise = false): Buffer {
  const chunk = (kind: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const row = () => Buffer.concat([Buffer.from([0]), noise ? randomBytes(width * 3) : Buffer.alloc(width * 3, 0x7a)]);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', head),
    chunk('tEXt', Buffer.from('Location\x0048.2082N 16.3738E', 'latin1')),
    chunk('IDAT', deflateSync(Buffer.concat(Array.from({ length: height }, row)))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

export interface Carried {
  name: string;
  bytes: Buffer;
}

/** Pastes files here, or drags them here and lets them fall; `hover` only drags. */
export async function carry(on: Locator, kind: 'paste' | 'drop' | 'hover', files: Carried[]): Promise<void> {
  const texts = files.map(({ name, bytes }) => ({ name, bytes: bytes.toString('base64') }));
  await on.evaluate(
    (element, [kind, texts]) => {
      const carried = new DataTransfer();
      for (const { name, bytes } of texts) {
        carried.items.add(new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], name));
      }
      const init = { bubbles: true, cancelable: true };
      if (kind === 'paste') return void element.dispatchEvent(new ClipboardEvent('paste', { ...init, clipboardData: carried }));
      const names = kind === 'drop' ? ['dragover', 'drop'] : ['dragover'];
      for (const name of names) {
        const taken = !element.dispatchEvent(new DragEvent(name, { ...init, dataTransfer: carried }));
        if (!taken) throw new Error(`${name} is left to the browser, which would open the file.`);
      }
    },
    [kind, texts] as const,
  );
}
