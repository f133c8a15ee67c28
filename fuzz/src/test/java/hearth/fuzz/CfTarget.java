package hearth.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

import hearth.cf.Attributes;
import hearth.cf.Caller;
import hearth.cf.CfCall;
import hearth.cf.CfDecoder;
import hearth.cf.CfEncoder;
import hearth.cf.CfFormatException;
import hearth.cf.CfReply;
import hearth.cf.CfRequest;
import hearth.cf.CfStatus;
import hearth.cf.Export;
import hearth.cf.FileHandle;
import hearth.cf.FileType;
import hearth.cf.Name;
import hearth.cf.SetAttributes;
import hearth.cf.Stability;
import hearth.cf.Wcc;

/// CF messages. The encoding is canonical: what decodes encodes to the same bytes.
final class CfTarget implements Target {
    @Override
    public void accept(byte[] input) {
        request(input);
        reply(input);
    }

    private static Optional<CfCall> request(byte[] input) {
        try {
            CfCall call = CfDecoder.decodeRequest(input);
            Property.holds(Arrays.equals(CfEncoder.encodeRequest(call.caller(), call.request()), input),
                    "a request encodes to other bytes");
            return Optional.of(call);
        } catch (CfFormatException e) {
            return Optional.empty();
        }
    }

    private static void reply(byte[] input) {
        try {
            CfReply reply = CfDecoder.decodeReply(input);
            Property.holds(Arrays.equals(CfEncoder.encodeReply(reply), input), "a reply encodes to other bytes");
        } catch (CfFormatException e) {
            // Most inputs are none.
        }
    }

    /// Believes that offset and count add up.
    @Override
    public void acceptPlanted(byte[] input) {
        if (request(input).map(CfCall::request).orElse(new CfRequest.ListExports()) instanceof CfRequest.Read read
                && read.offset() >= 0 && read.offset() + read.countBytes() < 0) {
            throw new PlantedBug("the end of a read is negative");
        }
    }

    @Override
    public List<byte[]> seeds() {
        var caller = new Caller(new byte[] {127, 0, 0, 1}, 9, 99, 1000, 100, new int[] {4, 5}, false);
        var file = new FileHandle(77, 1, 64, 1);
        var name = Name.of("name");
        var change = new SetAttributes(OptionalInt.of(0644), OptionalInt.empty(), OptionalInt.of(3),
                OptionalLong.of(100), Optional.of(new SetAttributes.SetTime.ServerTime()),
                Optional.of(new SetAttributes.SetTime.ClientTime(5)));
        var attributes = new Attributes(FileType.REGULAR, 0644, 1, 2, 3, 4, 5, 0, 0, 6, 7, 8, 9, 10);
        var wcc = new Wcc(Optional.of(new Wcc.Before(1, 2, 3)), Optional.of(attributes));
        List<byte[]> seeds = new ArrayList<>();
        for (CfRequest request : List.of(
                new CfRequest.Lookup(file, name),
                new CfRequest.Read(file, 4096, 512),
                new CfRequest.ReadDirectory(file, 0, 0, 10, 4096, true),
                new CfRequest.Change(file, change, OptionalLong.of(7)),
                new CfRequest.Write(file, 0, 10, Stability.FILE_SYNC),
                new CfRequest.Create(file, name, CfRequest.Create.How.GUARDED, change, 0),
                new CfRequest.SymbolicLink(file, name, change, "to".getBytes(StandardCharsets.UTF_8)),
                new CfRequest.Rename(file, name, file, Name.of("other")))) {
            seeds.add(CfEncoder.encodeRequest(caller, request));
        }
        var entry = new CfReply.Entry(3, name, 4, Optional.of(attributes), Optional.of(file));
        var export = new Export("/vol0", file, false, List.of("10.0.0.0/8"), Export.Squash.ROOT, 1, 2);
        for (CfReply reply : List.of(
                CfReply.Failed.of(CfStatus.NOT_FOUND),
                new CfReply.Entries(attributes, 1, List.of(entry), true),
                new CfReply.Exports(List.of(export)),
                new CfReply.Created(file, attributes, wcc),
                new CfReply.Renamed(wcc, wcc))) {
            seeds.add(CfEncoder.encodeReply(reply));
        }
        return seeds;
    }
}
