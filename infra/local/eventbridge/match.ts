import { AwsError } from '#infra/local/wire/error.ts';
import { SentryError } from '#shared/kernel/error.ts';
import { compile } from '#shared/pattern/compile.ts';
import type { CompiledPatterns } from '#shared/pattern/compile.ts';

import type { RuleStore } from './store.ts';

/** The enabled rules of every bus, compiled on first use after a change. */
export class RuleMatcher {
  readonly #store: RuleStore;
  readonly #compiled = new Map<string, CompiledPatterns>();

  constructor(store: RuleStore) {
    this.#store = store;
  }

  /** To be called whenever a rule changed. */
  forget(): void {
    this.#compiled.clear();
  }

  /** Names of the bus's rules that the event satisfies. */
  match(bus: string, event: unknown): string[] {
    let compiled = this.#compiled.get(bus);
    if (!compiled) {
      const enabled = this.#store
        .rules(bus)
        .filter((rule) => rule.pattern !== null && rule.state === 'ENABLED');
      compiled = compile(
        new Map(enabled.map((rule) => [rule.name, JSON.parse(rule.pattern!) as unknown])),
      );
      this.#compiled.set(bus, compiled);
    }
    return compiled.match(event);
  }
}

/** One pattern from its JSON text; throws InvalidEventPatternException. */
export function compileText(text: string): CompiledPatterns {
  try {
    return compile({ pattern: JSON.parse(text) as unknown });
  } catch (error) {
    const issues =
      error instanceof SentryError
        ? error.issues.map((issue) => `${issue.path}: ${issue.message}`)
        : [];
    const reason = [error instanceof Error ? error.message : String(error), ...issues].join('; ');
    throw new AwsError(
      'InvalidEventPatternException',
      `Event pattern is not valid. Reason: ${reason}`,
    );
  }
}
