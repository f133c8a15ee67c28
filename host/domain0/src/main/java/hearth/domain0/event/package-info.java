/// What happened: events in order, kept in a bounded ring in memory for the API and appended to `logs/events.log`.
/// Any thread may add; the file survives the host.
package hearth.domain0.event;
