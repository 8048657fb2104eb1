import * as z from 'zod';

/** One operation's fields: where each stands in HTTP; over the socket all are in one `params` object. */
export interface RouteSchema {
  params: z.ZodRawShape;
  query: z.ZodRawShape;
  body: z.ZodRawShape;
  result: z.ZodType;
  /** Status of success; 200 unless told. */
  status?: number;
  /** The body is bytes, not a JSON object of fields. */
  raw?: boolean;
  /** What those bytes may be; events unless told. */
  accepts?: { description: string; types: readonly string[] };
  /** The field that a body stands for when it is a JSON array; the others are then in the query. */
  list?: string;
  /** The answer is text of this type, not JSON. */
  media_type?: string;
  /** Largest body, bytes; 1 MiB unless told. */
  body_bytes_max?: number;
}

/** No fields of this kind. */
export const none = {} as const;

/** Which page of a list. */
export const page = {
  /** At most 100. */
  limit: z.coerce.number().int().min(1).max(100).default(50),
  /** From the page before; signed, and good only for the same filter. */
  cursor: z.string().max(4096).optional(),
};

/** The version the caller saw; also as `If-Match`. Another one → 409 (alerts) or 412 (rules) with the row as it stands. */
export const ifVersion = { if_version: z.number().int().min(1).optional() };

/** Why, in the caller's words; goes into the journal. */
export const reason = { reason: z.string().max(1024).optional() };

/** A page of rows; without `cursor` it is the last. */
export function pageOf<Row extends z.ZodType>(row: Row) {
  return z.object({ items: z.array(row), cursor: z.string().optional() });
}
