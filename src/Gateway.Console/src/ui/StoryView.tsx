import type { Story } from '../gateway/client.ts';
import { size, time } from './text.ts';

const outcomes = {
  running: 'under way',
  done: 'done',
  failed: 'failed',
  cancelled: 'cancelled by you; the gateway cancels the upstream call',
};

/** What became of a request. */
export function StoryView({ story }: { story: Story }) {
  const rows: [string, string | undefined][] = [
    ['Request', `${story.verb} ${story.path}`],
    ['Status', story.status === undefined ? 'none yet' : String(story.status)],
    ['Outcome', outcomes[story.outcome]],
    ['Request id', story.requestId],
    ['Answer began', story.headersAfter && `after ${time(story.headersAfter)}`],
    ['Answer ended', story.endedAfter && `after ${time(story.endedAfter)}`],
    ['Gateway overhead', story.overhead === undefined ? 'not told (Gateway:Telemetry:ServerTiming)' : time(story.overhead)],
    ['Retries', story.retries === undefined ? undefined : String(story.retries)],
    ['Sent', size(story.sent)],
    ['Received', size(story.received)],
    ['Tokens', story.tokens && `${story.tokens.prompt} in the prompt, ${story.tokens.completion} in the answer`],
  ].map(([name, value]) => [name as string, value ? String(value) : undefined]);
  return (
    <dl class="story">
      {rows.map(
        ([name, value]) =>
          value && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
