-- silver.switch_tracking(source_id, enabled): the body of silver.track_off and silver.track_on; see there. Tracking is switched by what the
-- trigger functions hold, so switching it off takes no lock on the source; switching it on does, for a session in the middle of a
-- statement may not have heard yet that the function changed. True when it was switched.
-- SECURITY DEFINER, so that an operator who owns neither the source nor its trigger functions can stop them in an emergency.
-- Errors: 55P03 a member was busy for five seconds. Locks: the tracked_source row; SHARE ROW EXCLUSIVE on all members when enabled.
create or replace function silver.switch_tracking(source_id integer, enabled boolean)
returns boolean
language plpgsql strict security definer
set search_path = pg_catalog, pg_temp
set lock_timeout = '5s'
as $$
declare
  src silver.timeseries_tracked_source;
  member regclass;
begin
  if enabled then
    begin
      for member in
        select m from silver.timeseries_tracked_source s, silver.source_members(s.source_table) m
        where s.source_id = switch_tracking.source_id and not s.tracking
      loop
        execute format('lock table only %s in share row exclusive mode', member);
      end loop;
    exception when lock_not_available then
      raise exception '% is being written to', member using errcode = '55P03',
        hint = 'Tracking stays off. Try again when the transactions that write to it have ended.';
    end;
  end if;
  select * into strict src from silver.timeseries_tracked_source s where s.source_id = switch_tracking.source_id for no key update;
  if src.tracking = enabled then
    return false;
  end if;
  update silver.timeseries_tracked_source s set tracking = enabled where s.source_id = src.source_id;
  perform silver.compile_tracking(src.source_id);
  if enabled then
    perform silver.adopt_source(src.source_id);
    insert into silver.timeseries_invalidation_log (source_id, touched) values (src.source_id, '{(,)}');
  end if;
  perform pg_notify('silver_wake', '');
  return true;
end
$$;

revoke all on function silver.switch_tracking(integer, boolean) from public;
