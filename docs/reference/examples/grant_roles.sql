-- After somebody else has created the roles; `silver migrate` does it too. (The example takes it back.)
begin;
select count(*) from silver.install_roles();
--> 5
select count(*) from silver.grant_roles();
--> 5
rollback;
