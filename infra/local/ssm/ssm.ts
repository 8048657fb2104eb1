import * as z from 'zod';

import type { LocalClock } from '#infra/local/clock.ts';
import type { AwsService } from '#infra/local/service.ts';
import { AwsError } from '#infra/local/wire/error.ts';
import { answerJson, operation } from '#infra/local/wire/json.ts';
import type { JsonOperation } from '#infra/local/wire/json.ts';

import { describeParameter, ParameterStore } from './parameter.ts';
import type { Parameter } from './parameter.ts';

export interface Ssm extends AwsService {
  getParameter(name: string): string | undefined;
  /** Writes a new version whether or not one is there. */
  putParameter(name: string, value: string, type?: Parameter['type']): void;
}

const Name = z.string().regex(/^\/?[\w./-]{1,1011}$/);
const WithDecryption = z.boolean().default(false);
const Filter = z.object({
  Key: z.string(),
  Option: z.string().default('Equals'),
  Values: z.array(z.string()).default([]),
});

/** AWS Systems Manager Parameter Store: String, StringList and SecureString up to 4 KB. */
export function createSsm({ file, clock }: { file: string; clock: LocalClock }): Ssm {
  const store = new ParameterStore(file);

  const operations: Record<string, JsonOperation> = {
    PutParameter: operation(
      z.object({
        Name,
        Value: z.string().min(1).max(4096),
        Type: z.enum(['String', 'StringList', 'SecureString']).optional(),
        Overwrite: z.boolean().default(false),
        Description: z.string().optional(),
      }),
      (input) => {
        const type = input.Type ?? store.get(input.Name)?.type;
        if (!type)
          throw new AwsError(
            'ValidationException',
            'A parameter type is required when you create a parameter.',
          );
        const description =
          input.Description === undefined ? {} : { description: input.Description };
        const parameter = {
          name: input.Name,
          type,
          value: input.Value,
          modified_at: clock.now(),
          ...description,
        };
        return { Version: store.put(parameter, input.Overwrite), Tier: 'Standard' };
      },
    ),
    GetParameter: operation(z.object({ Name: z.string(), WithDecryption }), (input) => {
      const parameter = store.get(input.Name);
      if (!parameter) throw notFound(input.Name);
      return { Parameter: describeParameter(parameter, input.WithDecryption) };
    }),
    GetParameters: operation(
      z.object({ Names: z.array(z.string()).min(1).max(10), WithDecryption }),
      (input) => {
        const found = input.Names.map((name) => store.get(name)).filter(
          (parameter) => parameter !== undefined,
        );
        return {
          Parameters: found.map((parameter) => describeParameter(parameter, input.WithDecryption)),
          InvalidParameters: input.Names.filter((name) => !store.get(name)),
        };
      },
    ),
    GetParametersByPath: operation(
      z.object({
        Path: z.string().startsWith('/'),
        Recursive: z.boolean().default(false),
        MaxResults: z.number().int().min(1).max(10).default(10),
        NextToken: z.string().optional(),
        WithDecryption,
      }),
      (input) => {
        const path = input.Path.endsWith('/') ? input.Path : `${input.Path}/`;
        const under = store.list().filter((parameter) => {
          const rest = parameter.name.startsWith(path) ? parameter.name.slice(path.length) : '';
          return rest !== '' && (input.Recursive || !rest.includes('/'));
        });
        const { items, next } = paginate(under, input.NextToken, input.MaxResults);
        return {
          Parameters: items.map((parameter) => describeParameter(parameter, input.WithDecryption)),
          ...next,
        };
      },
    ),
    DeleteParameter: operation(z.object({ Name: z.string() }), (input) => {
      if (!store.remove(input.Name)) throw notFound(input.Name);
    }),
    DeleteParameters: operation(
      z.object({ Names: z.array(z.string()).min(1).max(10) }),
      (input) => {
        const DeletedParameters = input.Names.filter((name) => store.remove(name));
        return {
          DeletedParameters,
          InvalidParameters: input.Names.filter((name) => !DeletedParameters.includes(name)),
        };
      },
    ),
    DescribeParameters: operation(
      z.object({
        MaxResults: z.number().int().min(1).max(50).default(50),
        NextToken: z.string().optional(),
        ParameterFilters: z.array(Filter).default([]),
      }),
      (input) => {
        const wanted = store
          .list()
          .filter((parameter) =>
            input.ParameterFilters.every((filter) => passes(parameter, filter)),
          );
        const { items, next } = paginate(wanted, input.NextToken, input.MaxResults);
        return { Parameters: items.map(withoutValue), ...next };
      },
    ),
  };

  return {
    getParameter: (name) => store.get(name)?.value,
    putParameter: (name, value, type = 'SecureString') =>
      void store.put({ name, value, type, modified_at: clock.now() }, true),
    handle: (request) => answerJson(request, operations, '1.1'),
    close: () => Promise.resolve(store.close()),
  };
}

function notFound(name: string): AwsError {
  return new AwsError('ParameterNotFound', `Parameter ${name} not found.`);
}

function passes(parameter: Parameter, filter: z.infer<typeof Filter>): boolean {
  if (filter.Key === 'Type') return filter.Values.includes(parameter.type);
  if (filter.Key !== 'Name') return true;
  return filter.Values.some((value) =>
    filter.Option === 'BeginsWith'
      ? parameter.name.startsWith(value)
      : filter.Option === 'Contains'
        ? parameter.name.includes(value)
        : parameter.name === value,
  );
}

function withoutValue(parameter: Parameter): object {
  const { Value: _, ...rest } = describeParameter(parameter, false) as { Value: string };
  return { ...rest, Description: parameter.description, Tier: 'Standard' };
}

/** Tokens are the name the page ended with, so that a change between pages repeats or loses nothing else. */
function paginate(all: readonly Parameter[], token: string | undefined, max: number) {
  const after = token === undefined ? '' : Buffer.from(token, 'base64url').toString('utf8');
  const rest = all.filter((parameter) => parameter.name > after);
  const items = rest.slice(0, max);
  const last = items.at(-1);
  const next =
    rest.length > max && last ? { NextToken: Buffer.from(last.name).toString('base64url') } : {};
  return { items, next };
}
