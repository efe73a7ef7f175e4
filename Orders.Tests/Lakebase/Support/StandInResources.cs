using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Orders.Tests.Lakebase.Support;

/// <summary>What a workspace holds, with the time that each thing takes, by the clock of the test.</summary>
internal sealed class StandInResources(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, StandInResource> _all = new();

    public TimeSpan ServerTakes { get; set; } = TimeSpan.FromMinutes(3);

    public TimeSpan CopyTakes { get; set; } = TimeSpan.FromMinutes(40);

    public TimeSpan DeletingTakes { get; set; } = TimeSpan.FromMinutes(1);

    public bool CopyFails { get; set; }

    /// <summary>Who signs in, as a role is named.</summary>
    public string Caller { get; init; } = StandInWorkspace.ClientId;

    /// <summary>Given a method and a path: what the call is answered instead of being done, or null.</summary>
    public Func<string, StandInWorkspace.Failure?> Refuse { get; set; } = _ => null;

    /// <summary>As above, with an answer that is no error.</summary>
    public Func<string, JsonNode?> Answer { get; set; } = _ => null;

    /// <summary>Given a method and a path: whether it is done, and its answer is lost.</summary>
    public Func<string, bool> Lose { get; set; } = _ => false;

    /// <summary>Method, path and body of what was changed.</summary>
    public ConcurrentQueue<(string Call, JsonObject? Body)> Changes { get; } = new();

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>The names of what is there, without the API's part of them.</summary>
    public string[] Names => [.. _all.Where(pair => IsThere(pair.Value)).Select(pair => pair.Key).Order(StringComparer.Ordinal)];

    public static StandInWorkspace.Failure NotFound { get; } = new(404, """{"error_code":"NOT_FOUND","message":"id not found [TraceId: 0]"}""");

    public static StandInWorkspace.Failure Taken { get; } = new(409, """{"error_code":"ALREADY_EXISTS","message":"with such id already exists"}""");

    /// <returns>Null for what this has no answer to.</returns>
    public async Task<object?> AnswerAsync(HttpRequest request)
    {
        string path = request.Path.Value!["/api/2.0/".Length..];
        string call = $"{request.Method} {path}";
        JsonObject? body = request.ContentLength > 0 || request.Headers.TransferEncoding.Count > 0
            ? (await JsonNode.ParseAsync(request.Body))!.AsObject()
            : null;
        if (Refuse(call) is { } refusal)
        {
            return refusal;
        }

        if (Answer(call) is { } other)
        {
            return other;
        }

        if (request.Method != HttpMethods.Get)
        {
            Changes.Enqueue((call + request.QueryString, body));
        }

        object? answer = path.StartsWith("database/", StringComparison.Ordinal)
            ? StandInProvisioned.Answer(this, request, path["database/".Length..], body)
            : StandInAutoscaling.Answer(this, request, path["postgres/".Length..], body);
        return Lose(call) ? new StandInWorkspace.Failure(0, "") : answer;
    }

    public StandInResource? Find(string name) => _all.TryGetValue(name, out StandInResource? found) && IsThere(found) ? found : null;

    public IEnumerable<string> Below(string parent) => Names.Where(name => name.StartsWith($"{parent}/", StringComparison.Ordinal));

    /// <returns>Whether the name was free.</returns>
    public bool Add(string name, JsonObject body, TimeSpan takes)
    {
        if (Find(name) is not null)
        {
            return false;
        }

        _all[name] = new StandInResource(body, Now + takes) { MadeAt = Now };
        return true;
    }

    /// <summary>It is there for a while yet.</summary>
    public object Delete(string name)
    {
        if (Find(name) is not { } found)
        {
            return NotFound;
        }

        if (found.GoneAt is not null)
        {
            return new StandInWorkspace.Failure(400, """{"error_code":"INVALID_STATE","message":"It is being deleted."}""");
        }

        found.GoneAt = Now + DeletingTakes;
        foreach (string part in Below(name))
        {
            Find(part)!.GoneAt ??= found.GoneAt;
        }

        return new JsonObject();
    }

    /// <summary>Of a synced table: its state, the pipeline's message and how much is copied.</summary>
    public (string State, string Message, double Copied) Copy(StandInResource table)
    {
        double part = CopyTakes == TimeSpan.Zero ? 1 : (Now - table.MadeAt) / CopyTakes;
        return part switch
        {
            >= 1 when CopyFails => ("SYNCED_TABLE_OFFLINE_FAILED", "The source can't be read.", 0.5),
            >= 1 => ("SYNCED_TABLE_ONLINE_NO_PENDING_UPDATE", "Online.", 1),
            < 0.1 => ("SYNCED_TABLE_PROVISIONING_PIPELINE_RESOURCES", "Starting.", 0),
            _ => ("SYNCED_TABLE_PROVISIONING_INITIAL_SNAPSHOT", "Copying.", part),
        };
    }

    private bool IsThere(StandInResource resource) => resource.GoneAt is null || Now < resource.GoneAt;
}
