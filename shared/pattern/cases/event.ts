/** Events of the documents. */
export const detail = (fields: Record<string, unknown>) => ({ detail: fields });

export const own = (json: string): Record<string, unknown> =>
  JSON.parse(json) as Record<string, unknown>;

export const EC2 = {
  version: '0',
  id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
  'detail-type': 'EC2 Instance State-change Notification',
  source: 'aws.ec2',
  account: '111122223333',
  time: '2017-12-22T18:43:48Z',
  region: 'us-west-1',
  resources: ['arn:aws:ec2:us-west-1:123456789012:instance/i-1234567890abcdef0'],
  detail: { 'instance-id': 'i-1234567890abcdef0', state: 'terminated' },
};

export const RULER_EVENT = detail({
  'c-count': 5,
  'd-count': 3,
  'x-limit': 301.8,
  'source-ip': '10.0.0.33',
  state: 'running',
});

export const EMPLOYEES = {
  employees: [
    { firstName: 'Anna', lastName: 'Smith', tags: ['a'] },
    { firstName: 'Peter', lastName: 'Jones', tags: ['b', 'c'] },
  ],
};
