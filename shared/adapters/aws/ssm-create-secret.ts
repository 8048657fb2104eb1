import { ParameterAlreadyExists, PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';

/** Writes a SecureString where there is none of that name; what is there stays. Returns whether it wrote. */
export async function createSecretOnce(
  client: SSMClient,
  name: string,
  value: string,
): Promise<boolean> {
  try {
    await client.send(
      new PutParameterCommand({ Name: name, Value: value, Type: 'SecureString', Overwrite: false }),
    );
    return true;
  } catch (error) {
    if (error instanceof ParameterAlreadyExists) return false;
    throw error;
  }
}
