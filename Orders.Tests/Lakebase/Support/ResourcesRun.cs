using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orders.Application.Lakebase;
using Orders.Infrastructure;

namespace Orders.Tests.Lakebase.Support;

/// <summary>Creating and deleting in an empty workspace, by a clock that a test's minutes do not wait for.</summary>
internal sealed class ResourcesRun : IAsyncDisposable
{
    public const string Catalog = "orders_catalog";
    public const string Table = $"{Catalog}.public.orders_synced";
    public const string Database = "orders";

    // A pause of the client's with its jitter is longer than any between two looks.
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(31);

    private readonly LakebaseProduct _product;
    private readonly List<ServiceProvider> _processes = [];

    private ResourcesRun(LakebaseProduct product) => _product = product;

    public SteppedTime Time { get; } = new();

    public StandInWorkspace Workspace { get; private set; } = null!;

    public StandInResources Resources => Workspace.Resources!;

    public static async Task<ResourcesRun> StartAsync(LakebaseProduct product)
    {
        var run = new ResourcesRun(product);
        run.Workspace = await StandInWorkspace.StartAsync(run.Time, _ => { });
        run.Workspace.Resources = new StandInResources(run.Time);
        return run;
    }

    /// <summary>As settings: the server by its product, and the names of the rest.</summary>
    public static Dictionary<string, string?> Settings(LakebaseProduct product, string workspace) => new()
    {
        [product == LakebaseProduct.Provisioned ? "Lakebase:InstanceName" : "Lakebase:Endpoint"] = product == LakebaseProduct.Provisioned ? StandInWorkspace.Instance : StandInWorkspace.Endpoint,
        ["Lakebase:WorkspaceHost"] = workspace,
        ["Lakebase:ClientId"] = StandInWorkspace.ClientId,
        ["Lakebase:ClientSecret"] = StandInWorkspace.ClientSecret,
        ["Lakebase:Database"] = Database,
        ["Lakebase:SyncedTable"] = Table,
        ["Lakebase:StorageCatalog"] = "main",
        ["Lakebase:StorageSchema"] = "pipelines",
    };

    /// <summary>As a process has it that has just been started.</summary>
    public IResourceProvisioner Start(params (string Name, string? Value)[] settings)
    {
        Dictionary<string, string?> all = Settings(_product, Workspace.Url);
        foreach ((string name, string? value) in settings)
        {
            all[name] = value;
        }

        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(Time);
        services.AddLakebaseResources(new ConfigurationBuilder().AddInMemoryCollection(all).Build());
        ServiceProvider process = services.BuildServiceProvider();
        _processes.Add(process);
        return process.GetRequiredService<IResourceProvisioner>();
    }

    public Task<ResourceReport> CreateAsync(CreateResources? asked = null, Action<ResourceReport>? told = null) =>
        PassAsync(Start().CreateAsync(asked ?? new CreateResources(), told ?? (_ => { }), CancellationToken.None));

    public Task<ResourceReport> DeleteAsync() => PassAsync(Start().DeleteAsync(_ => { }, CancellationToken.None));

    public Task<ResourceReport> DescribeAsync() => PassAsync(Start().DescribeAsync(CancellationToken.None));

    /// <summary>Lets the time pass that the work takes.</summary>
    public async Task<ResourceReport> PassAsync(Task<ResourceReport> work)
    {
        await Time.PassAsync(work, LongestPause);
        return await work;
    }

    /// <summary>What was asked of the workspace, by methods and paths, without what a path ends with.</summary>
    public string[] Changes(string method) => [.. Resources.Changes.Select(change => change.Call.Split('?')[0]).Where(call => call.StartsWith(method, StringComparison.Ordinal))];

    public async ValueTask DisposeAsync()
    {
        foreach (ServiceProvider process in _processes)
        {
            await process.DisposeAsync();
        }

        await Workspace.DisposeAsync();
    }
}
