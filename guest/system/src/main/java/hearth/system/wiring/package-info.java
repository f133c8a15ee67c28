/// What connects the guest's parts: the region behind the D-module's interfaces, the platform threads that wait and
/// beat, the way out when something escapes. No decisions here.
package hearth.system.wiring;
