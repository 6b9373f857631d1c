// Loaded into the command by launch.mjs. The two share a channel that the
// kernel closes when the launcher dies, even of SIGKILL: then the command ends
// as if it had been asked to.

process.channel?.unref();
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
