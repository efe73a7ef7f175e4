using Orders.Tests.Lakebase.Support;
using Orders.Tests.Support;

namespace Orders.Tests.OpenApi;

/// <summary>The documents with every operation: those on the resources on Lakebase are there only with a key for them.</summary>
internal static class ResourcesDocument
{
    public static Task<RunningApi> ServeAsync()
    {
        // With its address in the settings, the service does not ask a workspace for it, of which there is none here.
        Dictionary<string, string?> settings = ResourcesRun.Settings(LakebaseProduct.Provisioned, "http://127.0.0.1:1");
        (settings["Lakebase:Host"], settings["Lakebase:Port"], settings["Lakebase:ResourcesKey"]) = ("127.0.0.1", "1", "a-key-of-more-than-thirty-two-characters");
        return RunningApi.StartAsync("", [.. settings.Select(pair => $"--{pair.Key}={pair.Value}")]);
    }
}
