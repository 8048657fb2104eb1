import type { Duplex } from 'node:stream';

/**
 * Watches the frame headers a client sends (RFC 6455 §5.2) and calls back once for the first frame
 * over `bytesMax`: `ws` limits whole messages only, API Gateway also each frame.
 */
export function watchFrameSize(socket: Duplex, bytesMax: number, onOversize: () => void): void {
  let header = Buffer.alloc(0);
  let payloadLeft = 0;
  const read = (chunk: Buffer) => {
    let offset = 0;
    while (offset < chunk.length) {
      const skipped = Math.min(payloadLeft, chunk.length - offset);
      payloadLeft -= skipped;
      offset += skipped;
      if (offset >= chunk.length) return;
      const wanted = headerLength(header) - header.length;
      header = Buffer.concat([header, chunk.subarray(offset, offset + wanted)]);
      offset = Math.min(offset + wanted, chunk.length);
      if (header.length < headerLength(header)) continue;
      payloadLeft = payloadLength(header);
      header = Buffer.alloc(0);
      if (payloadLeft <= bytesMax) continue;
      socket.off('data', read);
      onOversize();
      return;
    }
  };
  socket.on('data', read);
}

/** Bytes of the frame header, as far as the bytes read so far tell. */
function headerLength(header: Buffer): number {
  if (header.length < 2) return 2;
  const length = header[1]! & 0x7f;
  const extended = length === 126 ? 2 : length === 127 ? 8 : 0;
  return 2 + extended + (header[1]! & 0x80 ? 4 : 0);
}

function payloadLength(header: Buffer): number {
  const length = header[1]! & 0x7f;
  if (length === 126) return header.readUInt16BE(2);
  return length === 127 ? Number(header.readBigUInt64BE(2)) : length;
}
