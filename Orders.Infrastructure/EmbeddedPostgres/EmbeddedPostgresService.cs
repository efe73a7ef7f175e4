using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orders.Application;
using Orders.Application.Seeding;

namespace Orders.Infrastructure.EmbeddedPostgres;

/// <summary>
/// Runs the private server for the service. It is started, with its schema and sample data, before the service listens, and stopped after
/// the last request.
/// </summary>
internal sealed class EmbeddedPostgresService(
    IOptions<EmbeddedPostgresOptions> options, IServiceProvider services, ILogger<EmbeddedPostgresService> logger)
    : IHostedLifecycleService, IAsyncDisposable
{
    /// <summary>15,000 orders.</summary>
    private const string SampleScaleFactor = "0.01";

    private EmbeddedPostgresServer? _server;

    public string ConnectionString => _server?.ConnectionString
        ?? throw new InvalidOperationException("The private server is used before it is started.");

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        _server = await EmbeddedPostgresServer.StartAsync(options.Value, logger, cancellationToken);
        await services.GetRequiredService<ISchemaMigrator>().MigrateAsync(cancellationToken);
        if (options.Value.LoadSample)
        {
            var sample = new SeedRequest { ScaleFactor = ScaleFactor.Parse(SampleScaleFactor), Mode = SeedMode.IfEmpty };
            await services.GetRequiredService<IOrderSeeder>().LoadAsync(sample, new Progress<SeedProgress>(), cancellationToken);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => DisposeAsync().AsTask();

    /// <summary>Also stops the server when the service fails to start, for example because its address is in use.</summary>
    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
