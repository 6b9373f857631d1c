-- Once for a server, by somebody who may create roles. (The example takes it back.)
begin;
select * from silver.install_roles();
--> silver_admin
--> silver_operator
--> silver_reader
--> silver_scheduler
--> silver_worker
create role ingest_worker login;
grant silver_worker to ingest_worker;
rollback;
