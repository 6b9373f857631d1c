-- silver.check_source_table(source, mode): refuses a source that cannot be rolled up in the mode.
--   track      triggers see every change: a table or partitioned table, with all of its partitions logged and local
--   look_back  nothing is seen: any relation that can be read, a view or foreign table too
-- A partition or a child by INHERITS is refused in track mode: what is written through its parent fires the parent's triggers alone.
-- Errors: 22023 no such mode; 42809 a relation of the wrong kind; 55000 unlogged or temporary; 42501 a table of Silver or PostgreSQL. Each names
-- the argument and the remedy. Stable; takes no locks.
create or replace function silver.check_source_table(source regclass, mode text)
returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  relation pg_catalog.pg_class;
  kind text;
  member record;
begin
  if mode is null or mode not in ('track', 'look_back') then
    raise exception 'mode: % is neither track nor look_back', coalesce(quote_literal(mode), 'null')
      using errcode = '22023', hint = 'Leave it out for track, which is exact; look_back is for sources that cannot have triggers.';
  end if;
  select * into strict relation from pg_catalog.pg_class k where k.oid = source;
  kind := case relation.relkind
    when 'r' then 'table' when 'p' then 'partitioned table' when 'v' then 'view' when 'm' then 'materialized view'
    when 'f' then 'foreign table' when 'S' then 'sequence' when 'c' then 'composite type' when 't' then 'TOAST table' else 'index' end;
  if relation.relkind not in ('r', 'p', 'v', 'm', 'f') then
    raise exception 'source_table_name: % is a %', source, kind using errcode = '42809', hint = 'Name a table or a view.';
  end if;
  if (select n.nspname in ('silver', 'silver_pgboss', 'pg_catalog', 'information_schema', 'pg_toast')
      from pg_catalog.pg_namespace n where n.oid = relation.relnamespace) then
    raise exception 'source_table_name: % is a table of the system''s own', source
      using errcode = '42501', hint = 'Name a table of yours; copy what you need of this one there.';
  end if;
  if relation.relpersistence = 't' then
    raise exception 'source_table_name: % is temporary: nobody but this session can read it', source
      using errcode = '55000', hint = 'Make it a table that stays.';
  end if;
  if mode = 'look_back' then
    return;
  end if;
  if relation.relkind in ('v', 'm', 'f') then
    raise exception 'mode: % is a %, whose changes nobody can track', source, kind
      using errcode = '42809', hint = 'Pass mode => ''look_back'', which computes the last look_back_window again each time; or roll up the tables beneath it.';
  end if;
  if exists (select from pg_catalog.pg_inherits i where i.inhrelid = source) then
    raise exception 'source_table_name: % is part of %, and what is written through that is not seen here', source,
        (select i.inhparent::regclass from pg_catalog.pg_inherits i where i.inhrelid = source order by i.inhseqno limit 1)
      using errcode = '42809', hint = 'Roll up that table; or pass mode => ''look_back''.';
  end if;
  select m.name, k.relkind, k.relpersistence into member
  from silver.source_members(source) as m (name) join pg_catalog.pg_class k on k.oid = m.name
  where k.relkind = 'f' or k.relpersistence <> 'p' order by m.name::oid limit 1;
  if member.relkind = 'f' then
    raise exception 'mode: % of % is a foreign table, whose changes nobody can track', member.name, source
      using errcode = '42809', hint = 'Detach it, or pass mode => ''look_back''.';
  elsif member.relpersistence is not null then
    raise exception 'source_table_name: % is unlogged: after a crash it is empty, without a trace', member.name
      using errcode = '55000', hint = format('ALTER TABLE %s SET LOGGED; or pass mode => ''look_back''.', member.name);
  end if;
end
$$;
