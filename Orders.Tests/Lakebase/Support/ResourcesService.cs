using Orders.Tests.Support;

namespace Orders.Tests.Lakebase.Support;

/// <summary>A service with an empty workspace, by a clock that a test's minutes do not wait for.</summary>
internal sealed class ResourcesService : IAsyncDisposable
{
    public const string Key = "a-key-of-more-than-thirty-two-characters";
    public const string Create = "/api/v1/resources/create-lakebase-resources";
    public const string Delete = "/api/v1/resources/delete-lakebase-resources";
    public const string Status = "/api/v1/resources/lakebase-resources";

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(31);

    private readonly SteppedTime _time = new();

    private ResourcesService()
    {
    }

    public StandInWorkspace Workspace { get; private set; } = null!;

    public StandInResources Resources => Workspace.Resources!;

    public RunningApi Api { get; private set; } = null!;

    /// <param name="key">The setting that opens the operations; null for none.</param>
    /// <param name="settings">More settings.</param>
    public static async Task<ResourcesService> StartAsync(string? key = Key, params string[] settings)
    {
        var service = new ResourcesService();
        service.Workspace = await StandInWorkspace.StartAsync(service._time, _ => { });
        service.Workspace.Resources = new StandInResources(service._time);
        service.Api = await service.StartApiAsync(key, settings);
        return service;
    }

    public async Task RestartAsync()
    {
        await Api.DisposeAsync();
        Api = await StartApiAsync(Key);
    }

    public Task<RunningApi.Answer> AskAsync(HttpMethod method, string path) => SendAsync(method, path, $"Bearer {Key}");

    public async Task<RunningApi.Answer> SendAsync(HttpMethod method, string path, string authorization = "")
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        return await Api.SendAsync(request);
    }

    /// <summary>How far the resources are, when no operation runs any longer.</summary>
    public Task<RunningApi.Answer> UntilOverAsync() => UntilAsync(answer => answer.Json.GetProperty("state").GetString() != "running");

    public Task<RunningApi.Answer> UntilAsync(Func<RunningApi.Answer, bool> isSo)
    {
        return PassAsync(AskUntilAsync());

        async Task<RunningApi.Answer> AskUntilAsync()
        {
            while (true)
            {
                RunningApi.Answer answer = await AskAsync(HttpMethod.Get, Status);
                if (isSo(answer))
                {
                    return answer;
                }
            }
        }
    }

    /// <summary>Lets the time pass that an answer takes.</summary>
    public async Task<RunningApi.Answer> PassAsync(Task<RunningApi.Answer> answer)
    {
        await _time.PassAsync(answer, LongestPause);
        return await answer;
    }

    public async ValueTask DisposeAsync()
    {
        await Api.DisposeAsync();
        await Workspace.DisposeAsync();
    }

    private Task<RunningApi> StartApiAsync(string? key, params string[] settings) => RunningApi.StartAsync(
        _time,
        [.. ResourcesRun.Settings(LakebaseProduct.Provisioned, Workspace.Url).Select(pair => $"--{pair.Key}={pair.Value}"), "--Lakebase:Port=1", $"--Lakebase:ResourcesKey={key}", .. settings]);
}
