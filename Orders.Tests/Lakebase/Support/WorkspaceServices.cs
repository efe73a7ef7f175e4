using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orders.Infrastructure.Lakebase;
using Orders.Infrastructure.Lakebase.Connecting;

namespace Orders.Tests.Lakebase.Support;

/// <summary>The client of a workspace as the service puts it together.</summary>
internal static class WorkspaceServices
{
    public static ServiceProvider Create(string workspace, TimeProvider time, string secret = StandInWorkspace.ClientSecret)
    {
        LakebaseOptions options = LakebaseOptionsReader.Read(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Lakebase:InstanceName"] = StandInWorkspace.Instance,
            ["Lakebase:WorkspaceHost"] = workspace,
            ["Lakebase:ClientId"] = StandInWorkspace.ClientId,
            ["Lakebase:ClientSecret"] = secret,
        }).Build())!;
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(time);
        services.AddDatabricksClient(options);
        return services.BuildServiceProvider();
    }
}
