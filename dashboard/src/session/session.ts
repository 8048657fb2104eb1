import { ErrorResponse, UserManager, WebStorageStateStore, type User } from 'oidc-client-ts';

import type { Config } from '#dashboard/config/config.ts';

/** What is known of the sign-in; `expired` keeps the page and asks to sign in again. */
export type SessionState =
  /** `expiresAt` of the access token, ms since the epoch. */
  | { kind: 'signed_in'; accessToken: string; name: string; expiresAt: number | undefined }
  | { kind: 'expired' }
  | { kind: 'signed_out' };

/** Where `/callback` leads. */
export type CallbackOutcome = { kind: 'done'; to: string } | { kind: 'failed'; message: string };

const SIGNED_OUT_KEY = 'sentry.signed_out';
const RENEW_AGAIN_MS = 10_000;

/**
 * The sign-in by authorization code with PKCE (RFC 7636). Tokens live in this tab's sessionStorage and
 * are renewed with the refresh token a minute before they expire.
 */
export class Session {
  readonly #manager: UserManager;
  readonly #config: Config;
  readonly #listeners = new Set<() => void>();
  #state: SessionState = { kind: 'signed_out' };
  #renewing: Promise<boolean> | undefined;

  constructor(config: Config) {
    this.#config = config;
    const origin = window.location.origin;
    this.#manager = new UserManager({
      authority: config.issuer,
      client_id: config.client_id,
      redirect_uri: `${origin}/callback`,
      post_logout_redirect_uri: `${origin}/`,
      scope: 'openid profile',
      userStore: new WebStorageStateStore({ store: window.sessionStorage }),
      stateStore: new WebStorageStateStore({ store: window.sessionStorage }),
      automaticSilentRenew: true,
    });
    this.#manager.events.addUserLoaded((user) => this.#accept(user));
    this.#manager.events.addSilentRenewError((error) => this.#judge(error));
    this.#manager.events.addAccessTokenExpired(() => void this.renew());
  }

  /** For useSyncExternalStore. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly state = (): SessionState => this.#state;

  /** Takes up the session of this tab, renewing it when it has expired. */
  async restore(): Promise<void> {
    const user = await this.#manager.getUser();
    if (!user) return;
    if (!user.expired) return this.#accept(user);
    await this.renew();
  }

  /** Leaves for the sign-in page; comes back to `to`. */
  async signIn(to: string): Promise<void> {
    window.sessionStorage.removeItem(SIGNED_OUT_KEY);
    await this.#manager.signinRedirect({ state: { to } });
  }

  /** Finishes the sign-in at `/callback`. */
  async finish(): Promise<CallbackOutcome> {
    try {
      const user = await this.#manager.signinRedirectCallback();
      this.#accept(user);
      return { kind: 'done', to: safePath((user.state as { to?: unknown } | undefined)?.to) };
    } catch (error) {
      return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
    }
  }

  /** A fresh access token by the refresh token; false when there is none (now). */
  renew(): Promise<boolean> {
    this.#renewing ??= this.#renew().finally(() => (this.#renewing = undefined));
    return this.#renewing;
  }

  async #renew(): Promise<boolean> {
    const held = await this.#manager.getUser();
    if (!held?.refresh_token) {
      this.#lapse();
      return false;
    }
    try {
      return (await this.#manager.signinSilent()) !== null;
    } catch (error) {
      this.#judge(error);
      return false;
    }
  }

  /** The issuer's refusal ends the session; a network that is away does not. */
  #judge(error: unknown): void {
    if (error instanceof ErrorResponse) this.#lapse();
    else setTimeout(() => void this.renew(), RENEW_AGAIN_MS);
  }

  /** Ends the session here and at the issuer. */
  async signOut(): Promise<void> {
    window.sessionStorage.setItem(SIGNED_OUT_KEY, 'yes');
    try {
      await this.#manager.signoutRedirect({
        // Cognito's own words for client and way back.
        extraQueryParams: {
          client_id: this.#config.client_id,
          logout_uri: `${window.location.origin}/`,
        },
      });
    } catch {
      await this.#manager.removeUser();
      this.#change({ kind: 'signed_out' });
    }
  }

  /** True when this tab was signed out on purpose, so that it does not sign in again by itself. */
  wasSignedOut(): boolean {
    return window.sessionStorage.getItem(SIGNED_OUT_KEY) !== null;
  }

  #accept(user: User): void {
    const name = user.profile.name ?? user.profile.sub;
    const expiresAt = user.expires_at === undefined ? undefined : user.expires_at * 1_000;
    this.#change({ kind: 'signed_in', accessToken: user.access_token, name, expiresAt });
  }

  #lapse(): void {
    this.#change({ kind: this.#state.kind === 'signed_in' ? 'expired' : 'signed_out' });
  }

  #change(state: SessionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

/** A path of this site only: anything else leads home. */
export function safePath(to: unknown): string {
  return typeof to === 'string' && /^\/(?![/\\])/.test(to) && !to.startsWith('/callback')
    ? to
    : '/';
}
