import { createInterface } from 'node:readline';

/** The first line of a stream, without spaces around it; `undefined` where it ends before one. Nothing more is read. */
export async function firstLine(input: NodeJS.ReadableStream): Promise<string | undefined> {
  const lines = createInterface({ input });
  try {
    for await (const line of lines) return line.trim();
    return undefined;
  } finally {
    lines.close();
    input.pause();
  }
}
