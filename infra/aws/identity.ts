import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { UserPoolClient } from 'aws-cdk-lib/aws-cognito';
import {
  AccountRecovery,
  CfnManagedLoginBranding,
  FeaturePlan,
  ManagedLoginVersion,
  Mfa,
  OAuthScope,
  ResourceServerScope,
  UserPool,
  type UserPoolDomain,
  UserPoolGroup,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';

import { ROLES } from '#shared/access/scope.ts';

import { pascal } from './table.ts';

/** Cognito: people with a second factor, one group per role, a public client for the dashboard, one for producers. */
export class Identity extends Construct {
  readonly pool: UserPool;
  readonly domain: UserPoolDomain;
  readonly producer: UserPoolClient;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.pool = new UserPool(this, 'People', {
      selfSignUpEnabled: false,
      signInAliases: { username: true, email: true },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      mfa: Mfa.REQUIRED,
      mfaSecondFactor: { sms: false, otp: true },
      featurePlan: FeaturePlan.ESSENTIALS,
      passwordPolicy: {
        minLength: 12,
        requireDigits: true,
        requireLowercase: true,
        requireUppercase: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(3),
      },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    for (const role of Object.keys(ROLES))
      new UserPoolGroup(this, `${pascal(role)}Group`, { userPool: this.pool, groupName: role });
    const stack = Stack.of(this);
    this.domain = this.pool.addDomain('SignIn', {
      cognitoDomain: { domainPrefix: `sentry-${stack.account}-${stack.region}` },
      managedLoginVersion: ManagedLoginVersion.NEWER_MANAGED_LOGIN,
    });
    const ingest = new ResourceServerScope({
      scopeName: 'sentry.ingest',
      scopeDescription: 'Put events',
    });
    const server = this.pool.addResourceServer('Api', { identifier: 'sentry', scopes: [ingest] });
    this.producer = this.pool.addClient('Producer', {
      generateSecret: true,
      oAuth: {
        flows: { clientCredentials: true },
        scopes: [OAuthScope.resourceServer(server, ingest)],
      },
      accessTokenValidity: Duration.hours(1),
    });
  }

  get issuer(): string {
    return this.pool.userPoolProviderUrl;
  }

  /** The dashboard's client: PKCE, no secret, sign-in pages with the default look. */
  addDashboardClient(origin: string): UserPoolClient {
    const client = this.pool.addClient('Dashboard', {
      generateSecret: false,
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      accessTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.hours(12),
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OAuthScope.OPENID, OAuthScope.PROFILE],
        callbackUrls: [`${origin}/callback`],
        logoutUrls: [`${origin}/`],
      },
    });
    // Without it the new sign-in pages answer "Login pages unavailable".
    new CfnManagedLoginBranding(this, 'Look', {
      userPoolId: this.pool.userPoolId,
      clientId: client.userPoolClientId,
      useCognitoProvidedValues: true,
    });
    return client;
  }
}
