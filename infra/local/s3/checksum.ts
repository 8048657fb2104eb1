import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** Checksums S3 takes with an object, by the last part of `x-amz-checksum-<name>`. */
export const CHECKSUMS = ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'] as const;
export type ChecksumName = (typeof CHECKSUMS)[number];

/** Base64 of the checksum, big-endian, as the headers carry it. */
export function checksumOf(name: ChecksumName, body: Buffer): string {
  if (name === 'sha1' || name === 'sha256') return createHash(name).update(body).digest('base64');
  if (name === 'crc64nvme') return crc64nvme(body).toString('base64');
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(name === 'crc32' ? crc32(body) : crc32c(body));
  return bytes.toString('base64');
}

/** Reflected tables for a polynomial of 32 bits. */
const CASTAGNOLI = table32(0x82f63b78);

function table32(polynomial: number): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, index) => {
    let value = index;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
    return value >>> 0;
  });
}

function crc32c(body: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of body) crc = CASTAGNOLI[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** CRC-64/NVME (NVM Express specification, reflected polynomial 0x9a6c9329ac4bc9b5), halves apart for speed. */
const NVME = ((): { high: Uint32Array; low: Uint32Array } => {
  const values = Array.from({ length: 256 }, (_, index) => {
    let value = BigInt(index);
    for (let bit = 0; bit < 8; bit++) {
      value = value & 1n ? (value >> 1n) ^ 0x9a6c9329ac4bc9b5n : value >> 1n;
    }
    return value;
  });
  return {
    high: Uint32Array.from(values, (value) => Number(value >> 32n)),
    low: Uint32Array.from(values, (value) => Number(value & 0xffffffffn)),
  };
})();

function crc64nvme(body: Buffer): Buffer {
  let high = 0xffffffff;
  let low = 0xffffffff;
  for (const byte of body) {
    const index = (low ^ byte) & 0xff;
    low = ((low >>> 8) | (high << 24)) ^ NVME.low[index]!;
    high = (high >>> 8) ^ NVME.high[index]!;
  }
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32BE((high ^ 0xffffffff) >>> 0, 0);
  bytes.writeUInt32BE((low ^ 0xffffffff) >>> 0, 4);
  return bytes;
}
