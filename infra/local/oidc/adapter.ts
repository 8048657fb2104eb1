import type { DatabaseSync } from 'node:sqlite';
import type { Adapter, Payload } from 'oidc-provider';

export const OIDC_SCHEMA = `
  CREATE TABLE IF NOT EXISTS artifact (
    model TEXT NOT NULL,
    id TEXT NOT NULL,
    payload TEXT NOT NULL,
    uid TEXT,
    user_code TEXT,
    grant_id TEXT,
    consumed_at INTEGER,
    expires_at INTEGER,
    PRIMARY KEY (model, id)
  );
  CREATE INDEX IF NOT EXISTS artifact_grant ON artifact (grant_id);
  CREATE INDEX IF NOT EXISTS artifact_uid ON artifact (model, uid);
`;

interface Row {
  payload: string;
  consumed_at: number | null;
  expires_at: number | null;
}

/** The issuer's sessions, codes, grants and refresh tokens in SQLite: one instance per kind. */
export function createOidcAdapter(database: DatabaseSync): (model: string) => Adapter {
  const nowSeconds = () => Math.floor(Date.now() / 1_000);
  database.prepare('DELETE FROM artifact WHERE expires_at < ?').run(nowSeconds());
  const upsert = database.prepare(
    'INSERT OR REPLACE INTO artifact VALUES (:model, :id, :payload, :uid, :user_code, :grant_id, NULL, :expires_at)',
  );
  const read = (model: string, column: 'id' | 'uid' | 'user_code') =>
    database.prepare(
      `SELECT payload, consumed_at, expires_at FROM artifact WHERE model = '${model}' AND ${column} = ?`,
    );

  return (model) => {
    if (!/^\w+$/.test(model)) throw new Error(`unexpected artifact kind ${model}`);
    const statements = {
      id: read(model, 'id'),
      uid: read(model, 'uid'),
      user_code: read(model, 'user_code'),
    };
    const find = async (column: keyof typeof statements, value: string) => {
      const row = statements[column].get(value) as Row | undefined;
      if (row === undefined || (row.expires_at !== null && row.expires_at < nowSeconds()))
        return undefined;
      const payload = JSON.parse(row.payload) as Payload;
      return row.consumed_at === null ? payload : { ...payload, consumed: row.consumed_at };
    };
    return {
      async upsert(id, payload, expiresIn) {
        upsert.run({
          model,
          id,
          payload: JSON.stringify(payload),
          uid: payload.uid ?? null,
          user_code: payload.userCode ?? null,
          grant_id: payload.grantId ?? null,
          expires_at: expiresIn === undefined ? null : nowSeconds() + expiresIn,
        });
      },
      find: (id) => find('id', id),
      findByUid: (uid) => find('uid', uid),
      findByUserCode: (userCode) => find('user_code', userCode),
      async consume(id) {
        database
          .prepare('UPDATE artifact SET consumed_at = ? WHERE model = ? AND id = ?')
          .run(nowSeconds(), model, id);
      },
      async destroy(id) {
        database.prepare('DELETE FROM artifact WHERE model = ? AND id = ?').run(model, id);
      },
      async revokeByGrantId(grantId) {
        database.prepare('DELETE FROM artifact WHERE grant_id = ?').run(grantId);
      },
    };
  };
}
