-- silver.log_action(actor, action, rollup_id, effect, arguments, outcome): writes one row of silver.timeseries_audit, in the transaction of the action
-- it tells of. rollup_id may be null. Returns the entry's id. Errors: 23514 for an empty actor or action. Locks: none but the new row's.
create or replace function silver.log_action(
  actor text, action text, rollup_id integer, effect text, arguments jsonb, outcome text)
returns bigint
language sql volatile
set search_path = pg_catalog, pg_temp
as $$
  insert into silver.timeseries_audit as a (actor, action, rollup_id, target_name, effect, arguments, outcome)
  select log_action.actor, log_action.action, log_action.rollup_id,
    (select r.target_table::text from silver.timeseries_rollup_config r where r.rollup_id = log_action.rollup_id),
    log_action.effect, coalesce(log_action.arguments, '{}'), log_action.outcome
  returning a.audit_id
$$;
