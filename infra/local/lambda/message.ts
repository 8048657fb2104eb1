/** What the parent tells a worker. Events and results travel as JSON text, as they do in Lambda. */
export type ToWorker = {
  kind: 'invoke';
  id: number;
  requestId: string;
  functionName: string;
  event: string;
  /** How far the local clock runs ahead of the system's. */
  offsetMs: number;
  timeoutMs: number;
  memoryMb: number;
};

/** What a worker tells its parent. */
export type FromWorker =
  | { kind: 'ready' }
  | { kind: 'result'; id: number; payload: string }
  | { kind: 'error'; id: number; errorType: string; errorMessage: string; trace: string };

/** Told to a worker in its environment, as JSON under WORKER_PLAN. */
export interface WorkerPlan {
  /** Function name → absolute path of its handler module. */
  handlers: Record<string, string>;
  /** Import every handler before saying ready. */
  warm: boolean;
}
export const WORKER_PLAN = 'SENTRY_WORKER_PLAN';
