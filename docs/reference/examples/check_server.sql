-- Nothing of this server keeps Silver from working.
select severity, code, message from silver.check_server() where severity = 'error';
