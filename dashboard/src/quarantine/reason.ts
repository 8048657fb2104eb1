/** Why a record was refused, and what to do about it. */
export interface Reason {
  words: string;
  advice: string;
}

const AT_PRODUCER =
  'Mend the producer; what is held here stays refused, so replaying it is of no use.';

/** By the stable word of the API. */
const REASONS: Readonly<Record<string, Reason>> = {
  empty: {
    words: 'Nothing in it',
    advice: 'The record has no bytes. The producer sent an empty line or body.',
  },
  bad_utf8: {
    words: 'Not text',
    advice:
      'The bytes are neither UTF-8 nor gzip, zlib or zstd. Send JSON as UTF-8; protobuf and other binary formats are not read.',
  },
  bad_json: {
    words: 'Not JSON',
    advice:
      'The text cannot be read as JSON, often because a line was cut or because it is plain text. Have the producer send JSON, one event a line.',
  },
  bad_compression: {
    words: 'Broken compression',
    advice: 'It begins like gzip, zlib or zstd and cannot be inflated: probably it was cut off.',
  },
  compressed_too_deep: {
    words: 'Compressed too often',
    advice: 'It is compressed more than twice. Switch one compression off.',
  },
  inflates_too_large: {
    words: 'Too large when inflated',
    advice: 'Send fewer events in one record.',
  },
  too_large: {
    words: 'Too large',
    advice:
      'One event is larger than Sentry takes. Leave out of its payload what no rule looks at.',
  },
  too_deep: {
    words: 'Nested too deep',
    advice: 'Its objects and lists lie in each other too often. Flatten the payload.',
  },
  not_an_object: {
    words: 'Not an object',
    advice: 'It is JSON, but a number, a text or a list. An event is a JSON object.',
  },
  missing_field: {
    words: 'A field is missing',
    advice: 'An event needs “source” and “type”. Have the producer, or an agent between, add them.',
  },
  bad_field: {
    words: 'A field is wrong',
    advice: `A field has another type than it should, or is too long. ${AT_PRODUCER}`,
  },
  bad_severity: {
    words: 'Unknown severity',
    advice: 'Send INFO, WARN, ERROR or CRITICAL, or leave it out.',
  },
  bad_category: {
    words: 'Unknown category',
    advice: `Leave it out, or send a known one. ${AT_PRODUCER}`,
  },
  forbidden_key: {
    words: 'A forbidden key',
    advice: 'Its top has a key that programs misuse, such as “__proto__”. Look who sent it.',
  },
  bad_specversion: {
    words: 'Another CloudEvents version',
    advice: 'Only CloudEvents 1.0 is read.',
  },
  bad_logs_subscription: {
    words: 'Not a logs subscription',
    advice: 'It looks like a message of CloudWatch Logs, yet has no list of log events.',
  },
  bad_log_event: { words: 'Not a log event', advice: 'A line of CloudWatch Logs has no message.' },
};

/** A reason that is new to this page is shown as the API names it. */
export function reasonOf(word: string): Reason {
  return (
    REASONS[word] ?? {
      words: word,
      advice: 'Look at the bytes, and at what is said about them. Once it is mended, replay it.',
    }
  );
}
