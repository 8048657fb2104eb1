import type { AwsResponse } from '#infra/local/service.ts';

/** A whole document in S3's namespace. */
export function document(root: string, inner: string): AwsResponse {
  return xml(200, `<${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inner}</${root}>`);
}

export function xml(status: number, body: string): AwsResponse {
  return {
    status,
    headers: { 'content-type': 'application/xml' },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}`,
  };
}
