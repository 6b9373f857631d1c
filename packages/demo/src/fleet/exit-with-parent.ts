// Loaded into every member of the fleet before `silver` itself. Parent and child share a channel that the kernel closes
// when the parent dies, even of SIGKILL: then the child stops as if it had been asked to.

process.channel?.unref();
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
