import type { Action, Effect, Outcome } from '@silver/console/api';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Table } from '../frame/table.tsx';
import { ApiError, postJson } from '../live/api.ts';
import { Instant } from '../time/instant.tsx';

export interface ActionDialogProps {
  readonly title: string;
  readonly action: Action;
  readonly onClose: () => void;
}

type Stage =
  | { readonly at: 'asking' }
  | { readonly at: 'told'; readonly effect: string }
  | { readonly at: 'doing'; readonly effect: string }
  | { readonly at: 'done'; readonly outcome: Outcome }
  | { readonly at: 'failed'; readonly error: Error };

/** States what an action would do, does it when it is confirmed, and says what came of it. */
export function ActionDialog({ action, onClose, title }: ActionDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [stage, setStage] = useState<Stage>({ at: 'asking' });
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  useEffect(() => {
    let wanted = true;
    postJson<Effect>('/api/actions/effect', action).then(
      ({ effect }) => wanted && setStage({ at: 'told', effect }),
      (error: Error) => wanted && setStage({ at: 'failed', error }),
    );
    return () => {
      wanted = false;
    };
  }, [action]);
  const confirm = (effect: string) => {
    setStage({ at: 'doing', effect });
    postJson<Outcome>('/api/actions', action).then(
      (outcome) => setStage({ at: 'done', outcome }),
      (error: Error) => setStage({ at: 'failed', error }),
    );
  };
  return (
    <dialog ref={dialog} aria-labelledby="dialog-title" onClose={onClose}>
      <h2 id="dialog-title">{title}</h2>
      <div aria-live="polite" aria-busy={stage.at === 'asking' || stage.at === 'doing'}>
        {stage.at === 'asking' && <p>Looking at what it would do…</p>}
        {(stage.at === 'told' || stage.at === 'doing') && <p>{stage.effect}</p>}
        {stage.at === 'doing' && <p>Doing it…</p>}
        {stage.at === 'done' && <OutcomeOf outcome={stage.outcome} />}
        {stage.at === 'failed' && (
          <p class="notice bad" role="alert">
            {stage.error.message}
            {stage.error instanceof ApiError && stage.error.remedy !== null && (
              <small>{stage.error.remedy}</small>
            )}
          </p>
        )}
      </div>
      <div class="buttons">
        {(stage.at === 'told' || stage.at === 'doing') && (
          <button
            type="button"
            class="primary"
            disabled={stage.at === 'doing'}
            onClick={() => confirm(stage.effect)}
          >
            {title}
          </button>
        )}
        <button type="button" onClick={() => dialog.current?.close()}>
          {stage.at === 'done' || stage.at === 'failed' ? 'Close' : 'Cancel'}
        </button>
      </div>
    </dialog>
  );
}

function OutcomeOf({ outcome }: { outcome: Outcome }) {
  return (
    <>
      <p class={outcome.differences.length > 0 ? 'notice bad' : 'notice good'}>
        {outcome.outcome}
        <small>entry {outcome.audit_id} of the audit</small>
      </p>
      {outcome.differences.length > 0 && (
        <Table label="Differences" heads={['Bucket', 'By the source', 'In the target']}>
          {outcome.differences.map(({ bucket, expected, stored }) => (
            <tr key={`${bucket} ${JSON.stringify(expected)} ${JSON.stringify(stored)}`}>
              <td>
                <Instant at={bucket} />
              </td>
              <td>
                <Fields group={expected} other={stored} />
              </td>
              <td>
                <Fields group={stored} other={expected} />
              </td>
            </tr>
          ))}
        </Table>
      )}
    </>
  );
}

type Group = Outcome['differences'][number]['expected'];

/** The columns of a group, one a line; those that the other has otherwise stand out. */
function Fields({ group, other }: { group: Group; other: Group }) {
  if (group === null) {
    return <>no row</>;
  }
  return (
    <>
      {Object.entries(group).map(([name, value]) => {
        const differs = JSON.stringify(value) !== JSON.stringify(other?.[name]);
        return (
          <div key={name} class={differs ? 'field differs' : 'field'}>
            {name} <code>{JSON.stringify(value)}</code>
          </div>
        );
      })}
    </>
  );
}
