package hearth.cf;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

import hearth.base.Check;
import hearth.base.posix.IoVector;

/// The local procedure call: request and reply pass through encoder and decoder as they would on the way to a partner,
/// so that no N-module ever works only with its own D-module; payload and room pass by reference. Stateless; any
/// thread, also many at once.
public final class Lpc implements CfService {
    private final CfService service;

    /// `service` is the D-module in this process.
    public Lpc(CfService service) {
        this.service = service;
    }

    @Override
    public CfReply call(Caller caller, CfRequest request, MemorySegment payload, MemorySegment room) {
        try {
            var call = CfDecoder.decodeRequest(CfEncoder.encodeRequest(caller, request));
            return passed(service.call(call.caller(), call.request(), payload, room));
        } catch (CfFormatException e) {
            throw undecodable(e);
        }
    }

    @Override
    public Optional<CfReply> tryCall(
            Caller caller, CfRequest request, MemorySegment payload, MemorySegment room) {
        try {
            var call = CfDecoder.decodeRequest(CfEncoder.encodeRequest(caller, request));
            var reply = service.tryCall(call.caller(), call.request(), payload, room);
            return reply.isPresent() ? Optional.of(passed(reply.get())) : reply;
        } catch (CfFormatException e) {
            throw undecodable(e);
        }
    }

    @Override
    public Optional<CfReply> tryGather(
            Caller caller, CfRequest.Read request, MemorySegment room, IoVector parts) {
        try {
            var call = CfDecoder.decodeRequest(CfEncoder.encodeRequest(caller, request));
            if (!(call.request() instanceof CfRequest.Read read)) {
                throw Check.failed("a read decoded as something else");
            }
            var reply = service.tryGather(call.caller(), read, room, parts);
            return reply.isPresent() ? Optional.of(passed(reply.get())) : reply;
        } catch (CfFormatException e) {
            throw undecodable(e);
        }
    }

    private static CfReply passed(CfReply reply) throws CfFormatException {
        return CfDecoder.decodeReply(CfEncoder.encodeReply(reply));
    }

    /// Both ends are this program: a message that does not decode is a bug, not a fault of the world.
    private static Error undecodable(CfFormatException e) {
        throw Check.failed("local message does not decode: " + e.getMessage());
    }
}
