import { Duration, Fn } from 'aws-cdk-lib';
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  Function,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  HttpVersion,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  PriceClass,
  ResponseHeadersPolicy,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';

import { siteHeaders } from '#infra/site-headers.ts';

import type { Apis } from './api.ts';
import { privateBucket } from './source.ts';

export interface SiteProps {
  apis: Apis;
  accessLogs: Bucket;
  /** Origins the sign-in talks to: issuer and hosted pages. */
  signInOrigins: string[];
}

/** CloudFront sets these only as custom headers; the others have fields of their own. */
const CUSTOM_HEADERS = [
  'permissions-policy',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
];

/** `siteKey` of `infra/site-headers.ts`, in CloudFront's JavaScript. */
export const VIEWS = `function handler(event) {
  var request = event.request;
  if (!/\\.[^/]+$/.test(request.uri)) request.uri = '/index.html';
  return request;
}`;

/** The dashboard: S3 behind CloudFront, with the API on the same origin, so that there is no CORS. */
export class Site extends Construct {
  readonly bucket: Bucket;
  readonly distribution: Distribution;

  constructor(scope: Construct, id: string, props: SiteProps) {
    super(scope, id);
    this.bucket = privateBucket(this, 'Files', {
      serverAccessLogsBucket: props.accessLogs,
      serverAccessLogsPrefix: 'dashboard/',
    });
    const toApi = {
      allowedMethods: AllowedMethods.ALLOW_ALL,
      cachePolicy: CachePolicy.CACHING_DISABLED,
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
    };
    const httpOrigin = originOf(props.apis.http.apiEndpoint);
    this.distribution = new Distribution(this, 'Cdn', {
      comment: 'Hearthlink Sentry dashboard',
      defaultRootObject: 'index.html',
      httpVersion: HttpVersion.HTTP2_AND_3,
      priceClass: PriceClass.PRICE_CLASS_100,
      enableLogging: true,
      logBucket: props.accessLogs,
      logFilePrefix: 'cloudfront/',
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(this.bucket),
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        responseHeadersPolicy: this.#headers(props.apis, props.signInOrigins),
        cachePolicy: CachePolicy.CACHING_OPTIMIZED,
        compress: true,
        functionAssociations: [
          { function: this.#views(), eventType: FunctionEventType.VIEWER_REQUEST },
        ],
      },
      additionalBehaviors: {
        '/v1/*': { origin: httpOrigin, ...toApi },
        '/openapi.json': { origin: httpOrigin, ...toApi },
        '/asyncapi.json': { origin: httpOrigin, ...toApi },
      },
    });
  }

  get origin(): string {
    return `https://${this.distribution.distributionDomainName}`;
  }

  /**
   * Every view is the one page. Done at the request: an error response of the distribution would
   * also turn the API's 403 and 404 into that page.
   */
  #views(): Function {
    return new Function(this, 'Views', {
      comment: 'A path without a file name is a view of the dashboard',
      runtime: FunctionRuntime.JS_2_0,
      code: FunctionCode.fromInline(VIEWS),
    });
  }

  /** Uploads the build; `config.json` is made at deploy and never cached, hashed assets for good. */
  deploy(folder: string, config: Record<string, unknown>): void {
    const shared = { destinationBucket: this.bucket, prune: false, memoryLimit: 512 };
    const assets = new BucketDeployment(this, 'Assets', {
      ...shared,
      sources: [Source.asset(folder, { exclude: ['*', '!assets', '!assets/**'] })],
      cacheControl: [CacheControl.fromString('public, max-age=31536000, immutable')],
    });
    const entry = new BucketDeployment(this, 'Entry', {
      ...shared,
      sources: [
        Source.asset(folder, { exclude: ['assets', 'assets/**'] }),
        Source.jsonData('config.json', config),
      ],
      cacheControl: [CacheControl.noStore()],
      distribution: this.distribution,
      distributionPaths: ['/*'],
    });
    entry.node.addDependency(assets);
  }

  /** The headers of `infra/site-headers.ts`, so that local and deployed pages live under one policy. */
  #headers(apis: Apis, signInOrigins: string[]): ResponseHeadersPolicy {
    const { 'content-security-policy': policy, ...others } = siteHeaders(
      { api: apis.http.apiEndpoint, live: apis.live.apiEndpoint, issuer: signInOrigins },
      true,
    );
    const security = new Set(Object.keys(others).filter((name) => !CUSTOM_HEADERS.includes(name)));
    return new ResponseHeadersPolicy(this, 'Headers', {
      securityHeadersBehavior: {
        contentSecurityPolicy: { contentSecurityPolicy: policy!, override: true },
        ...(security.has('x-content-type-options') && { contentTypeOptions: { override: true } }),
        ...(security.has('x-frame-options') && {
          frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
        }),
        ...(security.has('referrer-policy') && {
          referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
        }),
        ...(security.has('strict-transport-security') && {
          strictTransportSecurity: {
            accessControlMaxAge: Duration.days(730),
            includeSubdomains: true,
            override: true,
          },
        }),
      },
      customHeadersBehavior: {
        customHeaders: CUSTOM_HEADERS.map((header) => ({
          header,
          value: others[header]!,
          override: true,
        })),
      },
    });
  }
}

/** The host of `https://host`, as a CloudFront origin. */
function originOf(endpoint: string): HttpOrigin {
  return new HttpOrigin(Fn.select(1, Fn.split('://', endpoint)), {
    protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
  });
}
