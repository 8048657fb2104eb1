import { randomUUID } from 'node:crypto';

import { LOCAL_ACCOUNT, LOCAL_REGION } from '#infra/local/service.ts';
import type { AwsRequest, AwsResponse } from '#infra/local/service.ts';
import { AwsError } from '#infra/local/wire/error.ts';
import { answerQuery, required } from '#infra/local/wire/query.ts';
import type { QueryOperation } from '#infra/local/wire/query.ts';
import { element, wrap } from '#infra/local/wire/xml.ts';

const NAMESPACE = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';
const AT = '2026-01-01T00:00:00.000Z';

type ReadObject = (bucket: string, key: string) => Promise<string | undefined>;

interface Stack {
  name: string;
  id: string;
  status: 'REVIEW_IN_PROGRESS' | 'CREATE_COMPLETE' | 'UPDATE_COMPLETE';
  /** As uploaded; empty while only a first change set exists. */
  template: string;
}

interface ChangeSet {
  id: string;
  name: string;
  type: string;
  template: string;
  executed: boolean;
}

/** AWS CloudFormation as far as `cdk deploy` speaks to it: it keeps templates and makes nothing of them. */
export class CloudFormation {
  readonly stacks = new Map<string, Stack>();
  /** Actions called, in order. */
  readonly calls: string[] = [];
  readonly #changeSets = new Map<string, ChangeSet>();
  readonly #readObject: ReadObject;

  constructor(readObject: ReadObject) {
    this.#readObject = readObject;
  }

  handle(request: AwsRequest): Promise<AwsResponse> {
    this.calls.push(new URLSearchParams(request.body.toString('utf8')).get('Action') ?? '?');
    return answerQuery(request, this.#operations, NAMESPACE);
  }

  readonly #operations: Record<string, QueryOperation> = {
    DescribeStacks: (query) =>
      wrap('Stacks', wrap('member', describeStack(this.#stack(query.get('StackName') ?? '')))),
    GetTemplate: (query) =>
      element('TemplateBody', this.#stack(required(query, 'StackName')).template),
    CreateChangeSet: async (query) => {
      const stackName = required(query, 'StackName');
      const stack = this.stacks.get(stackName) ?? {
        name: stackName,
        id: arn(`stack/${stackName}/${randomUUID()}`),
        status: 'REVIEW_IN_PROGRESS' as const,
        template: '',
      };
      this.stacks.set(stackName, stack);
      const name = required(query, 'ChangeSetName');
      const changeSet = {
        id: arn(`changeSet/${name}/${randomUUID()}`),
        name,
        type: query.get('ChangeSetType') ?? 'UPDATE',
        template: await this.#readTemplate(query),
        executed: false,
      };
      this.#changeSets.set(`${stackName}/${name}`, changeSet);
      return element('Id', changeSet.id) + element('StackId', stack.id);
    },
    DescribeChangeSet: (query) => {
      const changeSet = this.#changeSet(query);
      const stack = this.#stack(required(query, 'StackName'));
      return (
        element('ChangeSetName', changeSet.name) +
        element('ChangeSetId', changeSet.id) +
        element('StackId', stack.id) +
        element('StackName', stack.name) +
        element('CreationTime', AT) +
        element('Status', 'CREATE_COMPLETE') +
        element('ExecutionStatus', changeSet.executed ? 'EXECUTE_COMPLETE' : 'AVAILABLE') +
        wrap('Changes', changesOf(changeSet.template))
      );
    },
    ExecuteChangeSet: (query) => {
      const changeSet = this.#changeSet(query);
      const stack = this.#stack(required(query, 'StackName'));
      changeSet.executed = true;
      stack.template = changeSet.template;
      stack.status = changeSet.type === 'CREATE' ? 'CREATE_COMPLETE' : 'UPDATE_COMPLETE';
      return '';
    },
    DeleteChangeSet: (query) => {
      this.#changeSets.delete(
        `${required(query, 'StackName')}/${required(query, 'ChangeSetName')}`,
      );
      return '';
    },
    DescribeStackEvents: (query) => {
      const stack = this.#stack(required(query, 'StackName'));
      const fields =
        element('StackId', stack.id) +
        element('EventId', randomUUID()) +
        element('StackName', stack.name) +
        element('LogicalResourceId', stack.name) +
        element('PhysicalResourceId', stack.id) +
        element('ResourceType', 'AWS::CloudFormation::Stack') +
        element('Timestamp', new Date().toISOString()) +
        element('ResourceStatus', stack.status);
      return wrap('StackEvents', wrap('member', fields));
    },
    ListStackResources: () => wrap('StackResourceSummaries', ''),
    DescribeStackResources: () => wrap('StackResources', ''),
    ValidateTemplate: () => wrap('Parameters', ''),
    UpdateTerminationProtection: (query) =>
      element('StackId', this.#stack(required(query, 'StackName')).id),
  };

  /** By name or id. */
  #stack(nameOrId: string): Stack {
    const stack = [...this.stacks.values()].find(
      ({ name, id }) => name === nameOrId || id === nameOrId,
    );
    if (stack) return stack;
    throw new AwsError('ValidationError', `Stack with id ${nameOrId} does not exist`);
  }

  #changeSet(query: URLSearchParams): ChangeSet {
    const stack = this.#stack(required(query, 'StackName'));
    const wanted = required(query, 'ChangeSetName');
    const found = [...this.#changeSets].find(
      ([key, { id, name }]) =>
        key.startsWith(`${stack.name}/`) && (name === wanted || id === wanted),
    );
    if (found) return found[1];
    throw new AwsError('ChangeSetNotFound', `ChangeSet [${wanted}] does not exist`, {
      status: 404,
    });
  }

  /** Large templates come by URL: `https://…/<bucket>/<key>`. */
  async #readTemplate(query: URLSearchParams): Promise<string> {
    const url = query.get('TemplateURL');
    if (url === null) return required(query, 'TemplateBody');
    const [bucket, key] = new URL(url).pathname.split('/').slice(-2) as [string, string];
    const template = await this.#readObject(bucket, key);
    if (template === undefined) throw new AwsError('ValidationError', 'S3 error: Access Denied');
    return template;
  }
}

function arn(resource: string): string {
  return `arn:aws:cloudformation:${LOCAL_REGION}:${LOCAL_ACCOUNT}:${resource}`;
}

function describeStack(stack: Stack): string {
  return (
    element('StackName', stack.name) +
    element('StackId', stack.id) +
    element('CreationTime', AT) +
    element('StackStatus', stack.status) +
    wrap('Parameters', parametersOf(stack.template)) +
    wrap('Outputs', '') +
    wrap('Tags', '') +
    wrap('Capabilities', '')
  );
}

/** Each parameter with its default, which is what the CLI deploys with. */
function parametersOf(template: string): string {
  if (template === '') return '';
  const { Parameters = {} } = JSON.parse(template) as {
    Parameters?: Record<string, { Default: string }>;
  };
  return Object.entries(Parameters)
    .map(([key, { Default }]) =>
      wrap('member', element('ParameterKey', key) + element('ParameterValue', Default)),
    )
    .join('');
}

function changesOf(template: string): string {
  const { Resources } = JSON.parse(template) as { Resources: Record<string, { Type: string }> };
  return Object.entries(Resources)
    .map(([id, { Type }]) => {
      const change =
        element('Action', 'Add') + element('LogicalResourceId', id) + element('ResourceType', Type);
      return wrap('member', element('Type', 'Resource') + wrap('ResourceChange', change));
    })
    .join('');
}
